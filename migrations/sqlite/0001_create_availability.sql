-- The availability core. Times are seconds since 1970 UTC, truth values 0 and 1, identifiers and JSON text,
-- so that one statement serves both engines.

-- The catalogue as imported, newest revision last; an operator replaces the whole of it.
CREATE TABLE catalogue_documents (
    revision    INTEGER PRIMARY KEY AUTOINCREMENT,
    imported_at BIGINT NOT NULL,
    digest      TEXT   NOT NULL,
    document    TEXT   NOT NULL
);

-- Rows for what bookings refer to. Something that leaves the catalogue is retired, never deleted.
CREATE TABLE services (
    id              TEXT PRIMARY KEY,
    organisation_id TEXT   NOT NULL,
    name            TEXT   NOT NULL,
    retired         BIGINT NOT NULL DEFAULT 0 CHECK (retired IN (0, 1))
);

CREATE TABLE offices (
    id              TEXT PRIMARY KEY,
    organisation_id TEXT   NOT NULL,
    name            TEXT   NOT NULL,
    time_zone       TEXT   NOT NULL,
    retired         BIGINT NOT NULL DEFAULT 0 CHECK (retired IN (0, 1))
);

-- Desks and employees; each serves one appointment at a time.
CREATE TABLE resources (
    id        TEXT PRIMARY KEY,
    office_id TEXT   NOT NULL REFERENCES offices (id),
    name      TEXT   NOT NULL,
    retired   BIGINT NOT NULL DEFAULT 0 CHECK (retired IN (0, 1))
);

CREATE TABLE appointments (
    -- The hold it was made from; its claims bear it as their group.
    id                TEXT PRIMARY KEY,
    reference         TEXT   NOT NULL UNIQUE,
    state             TEXT   NOT NULL
        CHECK (state IN ('booked', 'cancelled', 'checked_in', 'started', 'completed', 'missed')),
    -- Office and resource are known to the claims; asking again here could deadlock with a closure of the office.
    service_id        TEXT   NOT NULL REFERENCES services (id),
    office_id         TEXT   NOT NULL,
    resource_id       TEXT   NOT NULL,
    mode              TEXT   NOT NULL,
    starts_at         BIGINT NOT NULL,
    ends_at           BIGINT NOT NULL CHECK (ends_at > starts_at),
    beneficiary       TEXT   NOT NULL,
    beneficiary_key   TEXT   NOT NULL,
    requester         TEXT   NOT NULL,
    phone             TEXT   NOT NULL,
    email             TEXT,
    on_behalf         BIGINT NOT NULL CHECK (on_behalf IN (0, 1)),
    relation          TEXT,
    guests            TEXT   NOT NULL,
    procedure_id      TEXT,
    sequence          BIGINT NOT NULL,
    cancellable_until BIGINT NOT NULL,
    persons           BIGINT NOT NULL,
    language          TEXT   NOT NULL,
    series_id         TEXT   NOT NULL,
    channel           TEXT   NOT NULL,
    created_at        BIGINT NOT NULL,
    updated_at        BIGINT NOT NULL
);
CREATE INDEX appointments_by_office_and_start ON appointments (office_id, starts_at);
CREATE INDEX appointments_by_beneficiary ON appointments (beneficiary_key, service_id);
CREATE INDEX appointments_by_phone ON appointments (phone);
CREATE INDEX appointments_by_series ON appointments (series_id) WHERE series_id <> '';

-- One row for each beneficiary of a service: bookings for one person wait for one another here, so that the limit holds.
CREATE TABLE beneficiary_turns (
    service_id      TEXT   NOT NULL,
    beneficiary_key TEXT   NOT NULL,
    touched_at      BIGINT NOT NULL,
    PRIMARY KEY (service_id, beneficiary_key)
);

-- One row for each day of an office with quotas: bookings of that day wait for one another here, so that the shares hold.
CREATE TABLE office_days (
    office_id  TEXT   NOT NULL,
    local_date TEXT   NOT NULL,
    touched_at BIGINT NOT NULL,
    PRIMARY KEY (office_id, local_date)
);

-- Who has a resource when. The claimed time may be wider than the slot (buffers), and one appointment may have several
-- claims (several desks, several persons): they share its id as their group.
CREATE TABLE claims (
    id             TEXT PRIMARY KEY,
    resource_id    TEXT   NOT NULL REFERENCES resources (id),
    office_id      TEXT   NOT NULL REFERENCES offices (id),
    starts_at      BIGINT NOT NULL,
    ends_at        BIGINT NOT NULL,
    live           BIGINT NOT NULL CHECK (live IN (0, 1)),
    kind           TEXT   NOT NULL CHECK (kind IN ('hold', 'appointment', 'offer', 'cooldown', 'busy')),
    -- The hold, which becomes the appointment, or the offer.
    group_id       TEXT   NOT NULL,
    -- What it serves, for quotas and for making an appointment of it; empty for times that are busy otherwise.
    service_id     TEXT   NOT NULL DEFAULT '',
    mode           TEXT   NOT NULL DEFAULT '',
    channel        TEXT   NOT NULL DEFAULT '',
    by_staff       BIGINT NOT NULL DEFAULT 0 CHECK (by_staff IN (0, 1)),
    persons        BIGINT NOT NULL DEFAULT 1,
    language       TEXT   NOT NULL DEFAULT '',
    slot_starts_at BIGINT NOT NULL,
    slot_ends_at   BIGINT NOT NULL,
    -- The day by the office's wall clock, such as 2026-11-24.
    local_date     TEXT   NOT NULL DEFAULT '',
    -- After this it counts as free; 253402300799 is never.
    expires_at     BIGINT NOT NULL DEFAULT 253402300799,
    created_at     BIGINT NOT NULL,
    -- A day at most: what is searched for an overlap then lies within a day, however many bookings there are.
    CHECK (ends_at > starts_at AND ends_at - starts_at <= 86400)
);
CREATE INDEX claims_live_by_office ON claims (office_id, local_date) WHERE live = 1;
CREATE INDEX claims_by_group ON claims (group_id);
CREATE INDEX claims_by_expiry ON claims (expires_at) WHERE live = 1 AND expires_at < 253402300799;
CREATE INDEX claims_live_by_resource ON claims (resource_id, starts_at) WHERE live = 1;

-- Invariant: no two live claims on one resource at overlapping times.
CREATE TRIGGER claims_never_overlap_when_made BEFORE INSERT ON claims
WHEN NEW.live = 1 AND EXISTS (
    SELECT 1 FROM claims
    WHERE resource_id = NEW.resource_id AND live = 1
      AND starts_at < NEW.ends_at AND starts_at > NEW.starts_at - 86400 AND ends_at > NEW.starts_at
)
BEGIN
    SELECT RAISE(ABORT, 'slot_taken');
END;

CREATE TRIGGER claims_never_overlap_when_changed
BEFORE UPDATE OF resource_id, starts_at, ends_at, live ON claims
WHEN NEW.live = 1 AND EXISTS (
    SELECT 1 FROM claims
    WHERE resource_id = NEW.resource_id AND live = 1 AND id <> OLD.id
      AND starts_at < NEW.ends_at AND starts_at > NEW.starts_at - 86400 AND ends_at > NEW.starts_at
)
BEGIN
    SELECT RAISE(ABORT, 'slot_taken');
END;

-- Times in which an office, or one resource of it, serves nobody.
CREATE TABLE closures (
    id          TEXT PRIMARY KEY,
    office_id   TEXT   NOT NULL REFERENCES offices (id),
    -- Only this desk or employee; empty for the whole office.
    resource_id TEXT   NOT NULL,
    starts_at   BIGINT NOT NULL,
    ends_at     BIGINT NOT NULL CHECK (ends_at > starts_at),
    reason      TEXT   NOT NULL,
    -- Taken back.
    reopened    BIGINT NOT NULL DEFAULT 0 CHECK (reopened IN (0, 1)),
    created_at  BIGINT NOT NULL
);
CREATE INDEX closures_by_office ON closures (office_id, ends_at);

-- What changed, for those who keep it in memory. Whoever has read up to `next` asks for `position >= next` the next time.
CREATE TABLE claim_changes (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    what     TEXT NOT NULL,
    id       TEXT NOT NULL
);

CREATE TRIGGER claims_made AFTER INSERT ON claims
BEGIN
    INSERT INTO claim_changes (what, id) VALUES ('claim', NEW.id);
END;

CREATE TRIGGER claims_changed AFTER UPDATE ON claims
BEGIN
    INSERT INTO claim_changes (what, id) VALUES ('claim', NEW.id);
END;

CREATE TRIGGER closures_made AFTER INSERT ON closures
BEGIN
    INSERT INTO claim_changes (what, id) VALUES ('closure', NEW.id);
END;

CREATE TRIGGER closures_changed AFTER UPDATE ON closures
BEGIN
    INSERT INTO claim_changes (what, id) VALUES ('closure', NEW.id);
END;

CREATE VIEW claim_journal AS
SELECT j.position AS position, j.position + 1 AS next, j.what AS what,
    c.id AS id, c.office_id AS office_id, c.resource_id AS resource_id, c.starts_at AS starts_at, c.ends_at AS ends_at,
    c.live AS live, c.kind AS kind, c.group_id AS group_id, c.service_id AS service_id, c.mode AS mode,
    c.channel AS channel, c.by_staff AS by_staff, c.slot_starts_at AS slot_starts_at, c.slot_ends_at AS slot_ends_at,
    c.expires_at AS expires_at, '' AS reason
FROM claim_changes j JOIN claims c ON c.id = j.id WHERE j.what = 'claim'
UNION ALL
SELECT j.position, j.position + 1, j.what,
    c.id, c.office_id, c.resource_id, c.starts_at, c.ends_at, 1 - c.reopened, '', '', '', '', '', 0,
    c.starts_at, c.ends_at, 253402300799, c.reason
FROM claim_changes j JOIN closures c ON c.id = j.id WHERE j.what = 'closure';

CREATE VIEW claim_journal_head AS SELECT COALESCE(MAX(position), 0) + 1 AS next FROM claim_changes;

-- Who did what, for whom (the subject), through which channel, why. Append-only; no personal data.
CREATE TABLE audit (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    at         BIGINT NOT NULL,
    actor_kind TEXT   NOT NULL,
    actor      TEXT   NOT NULL,
    channel    TEXT   NOT NULL,
    action     TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    reason     TEXT   NOT NULL,
    detail     TEXT   NOT NULL
);
CREATE INDEX audit_by_subject ON audit (subject, id);

CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only');
END;

CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit is append-only');
END;

-- What others must be told, written together with the change. No personal data: whoever delivers looks it up.
CREATE TABLE outbox (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    kind         TEXT   NOT NULL,
    subject      TEXT   NOT NULL,
    payload      TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    delivered_at BIGINT,
    attempts     BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX outbox_waiting ON outbox (id) WHERE delivered_at IS NULL;
