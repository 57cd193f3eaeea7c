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

-- What was held: never changed. Whether a hold still stands is said by its claim.
CREATE TABLE holds (
    id          TEXT PRIMARY KEY,
    service_id  TEXT   NOT NULL REFERENCES services (id),
    office_id   TEXT   NOT NULL REFERENCES offices (id),
    resource_id TEXT   NOT NULL REFERENCES resources (id),
    mode        TEXT   NOT NULL,
    starts_at   BIGINT NOT NULL,
    ends_at     BIGINT NOT NULL CHECK (ends_at > starts_at),
    expires_at  BIGINT NOT NULL,
    channel     TEXT   NOT NULL,
    created_at  BIGINT NOT NULL
);
CREATE INDEX holds_by_expiry ON holds (expires_at);

CREATE TABLE appointments (
    id                TEXT PRIMARY KEY,
    reference         TEXT   NOT NULL UNIQUE,
    hold_id           TEXT   NOT NULL UNIQUE,
    state             TEXT   NOT NULL CHECK (state IN ('booked', 'cancelled', 'checked_in', 'completed', 'missed')),
    service_id        TEXT   NOT NULL REFERENCES services (id),
    office_id         TEXT   NOT NULL REFERENCES offices (id),
    resource_id       TEXT   NOT NULL REFERENCES resources (id),
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
    channel           TEXT   NOT NULL,
    created_at        BIGINT NOT NULL,
    updated_at        BIGINT NOT NULL
);
CREATE INDEX appointments_by_office_and_start ON appointments (office_id, starts_at);
CREATE INDEX appointments_by_beneficiary ON appointments (service_id, beneficiary_key, ends_at);

-- One row for each beneficiary of a service: bookings for one person wait for one another here, so that the limit holds.
CREATE TABLE beneficiary_turns (
    service_id      TEXT   NOT NULL,
    beneficiary_key TEXT   NOT NULL,
    touched_at      BIGINT NOT NULL,
    PRIMARY KEY (service_id, beneficiary_key)
);

-- Who has a resource when. The claimed time may be wider than the appointment (buffers), and one appointment may have
-- several claims (several desks, several persons). Kinds beside hold and appointment belong to the full rule book.
CREATE TABLE claims (
    id             TEXT PRIMARY KEY,
    resource_id    TEXT   NOT NULL REFERENCES resources (id),
    office_id      TEXT   NOT NULL REFERENCES offices (id),
    starts_at      BIGINT NOT NULL,
    ends_at        BIGINT NOT NULL,
    live           BIGINT NOT NULL CHECK (live IN (0, 1)),
    kind           TEXT   NOT NULL CHECK (kind IN ('hold', 'appointment', 'offer', 'cooldown', 'busy')),
    hold_id        TEXT   REFERENCES holds (id) ON DELETE SET NULL,
    appointment_id TEXT   REFERENCES appointments (id) DEFERRABLE INITIALLY DEFERRED,
    expires_at     BIGINT,
    created_at     BIGINT NOT NULL,
    -- A day at most: what is searched for an overlap then lies within a day, however many bookings there are.
    CHECK (ends_at > starts_at AND ends_at - starts_at <= 86400)
);
CREATE INDEX claims_live_by_resource ON claims (resource_id, starts_at) WHERE live = 1;
CREATE INDEX claims_live_by_office ON claims (office_id, starts_at) WHERE live = 1;
CREATE INDEX claims_by_hold ON claims (hold_id);
CREATE INDEX claims_by_appointment ON claims (appointment_id);
CREATE INDEX claims_by_expiry ON claims (expires_at) WHERE live = 1 AND kind = 'hold';

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
    resource_id TEXT   REFERENCES resources (id),
    starts_at   BIGINT NOT NULL,
    ends_at     BIGINT NOT NULL CHECK (ends_at > starts_at),
    reason      TEXT   NOT NULL,
    created_at  BIGINT NOT NULL
);
CREATE INDEX closures_by_office ON closures (office_id, ends_at);

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
