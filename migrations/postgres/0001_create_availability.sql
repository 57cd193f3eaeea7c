-- The availability core. Times are seconds since 1970 UTC, truth values 0 and 1, identifiers and JSON text,
-- so that one statement serves both engines.

CREATE EXTENSION IF NOT EXISTS btree_gist;

-- The catalogue as imported, newest revision last; an operator replaces the whole of it.
CREATE TABLE catalogue_documents (
    revision    BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
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
    -- The transaction that wrote it, for the journal.
    changed        BIGINT NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    -- A day at most: what is searched for an overlap then lies within a day, however many bookings there are.
    CHECK (ends_at > starts_at AND ends_at - starts_at <= 86400),
    -- Invariant: no two live claims on one resource at overlapping times.
    CONSTRAINT claims_never_overlap
        EXCLUDE USING gist (resource_id WITH =, int8range(starts_at, ends_at) WITH &&) WHERE (live = 1)
);
CREATE INDEX claims_live_by_office ON claims (office_id, local_date) WHERE live = 1;
CREATE INDEX claims_by_group ON claims (group_id);
CREATE INDEX claims_by_expiry ON claims (expires_at) WHERE live = 1 AND expires_at < 253402300799;
CREATE INDEX claims_by_change ON claims (changed);

CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END;
$$;

CREATE TRIGGER claims_change BEFORE UPDATE ON claims FOR EACH ROW EXECUTE FUNCTION note_change();

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
    created_at  BIGINT NOT NULL,
    changed     BIGINT NOT NULL DEFAULT (pg_current_xact_id()::text::bigint)
);
CREATE INDEX closures_by_office ON closures (office_id, ends_at);
CREATE INDEX closures_by_change ON closures (changed);
CREATE TRIGGER closures_change BEFORE UPDATE ON closures FOR EACH ROW EXECUTE FUNCTION note_change();

-- What changed, for those who keep it in memory. Whoever has read up to `next` asks for `position >= next` the next time: every
-- transaction before it was over by then, so that nothing is missed, however long a transaction lasts.
CREATE VIEW claim_journal AS
SELECT changed AS position, pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS next, 'claim' AS what,
    id, office_id, resource_id, starts_at, ends_at, live, kind, group_id, service_id, mode, channel, by_staff,
    slot_starts_at, slot_ends_at, expires_at, '' AS reason
FROM claims
UNION ALL
SELECT changed, pg_snapshot_xmin(pg_current_snapshot())::text::bigint, 'closure',
    id, office_id, resource_id, starts_at, ends_at, 1 - reopened, '', '', '', '', '', 0,
    starts_at, ends_at, 253402300799, reason
FROM closures;

CREATE VIEW claim_journal_head AS SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS next;

-- Who did what, for whom (the subject), through which channel, why. Append-only; no personal data.
CREATE TABLE audit (
    id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
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

CREATE FUNCTION refuse_change_of_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit is append-only';
END;
$$;

CREATE TRIGGER audit_is_never_changed BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_audit();

CREATE TRIGGER audit_is_never_emptied BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit();

-- What others must be told, written together with the change. No personal data: whoever delivers looks it up.
CREATE TABLE outbox (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind         TEXT   NOT NULL,
    subject      TEXT   NOT NULL,
    payload      TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    delivered_at BIGINT,
    attempts     BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX outbox_waiting ON outbox (id) WHERE delivered_at IS NULL;
