-- The waiting list: who waits for which place, and what was offered to whom.

CREATE TABLE waits (
    id              TEXT PRIMARY KEY,
    -- Of the form of an appointment's, but no appointment has a 9 there.
    reference       TEXT   NOT NULL UNIQUE CHECK (reference LIKE '___-9%'),
    state           TEXT   NOT NULL CHECK (state IN ('waiting', 'offered', 'booked', 'withdrawn')),
    service_id      TEXT   NOT NULL REFERENCES services (id),
    -- JSON list of office ids; empty for any.
    offices         TEXT   NOT NULL,
    -- The wish and the people of it, JSON. No identity number: that is only in the key, as a digest.
    request         TEXT   NOT NULL,
    phone           TEXT   NOT NULL,
    beneficiary_key TEXT   NOT NULL,
    -- Who joined, JSON, and through which channel: quotas count by it.
    actor           TEXT   NOT NULL,
    channel         TEXT   NOT NULL,
    -- The place in the queue: whoever queued first is asked first.
    queued_at       BIGINT NOT NULL,
    -- Offers in a row that were let lapse.
    lapses          BIGINT NOT NULL DEFAULT 0,
    -- After this there is nothing left to wait for.
    over_at         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
);
CREATE INDEX waits_in_turn ON waits (queued_at, id) WHERE state = 'waiting';
CREATE INDEX waits_by_service ON waits (service_id) WHERE state = 'waiting';
-- Invariant: nobody waits twice for one service.
CREATE UNIQUE INDEX waits_once ON waits (service_id, beneficiary_key) WHERE state IN ('waiting', 'offered');

-- One row for each person that a place was offered to.
CREATE TABLE wait_offers (
    -- The group of the claims that keep the place; it becomes the appointment's id.
    group_id    TEXT   NOT NULL,
    wait_id     TEXT   NOT NULL REFERENCES waits (id) ON DELETE CASCADE,
    -- Gone: somebody else said yes first. Closed: the office took the place back.
    state       TEXT   NOT NULL CHECK (state IN ('offered', 'taken', 'declined', 'missed', 'gone', 'closed')),
    office_id   TEXT   NOT NULL,
    starts_at   BIGINT NOT NULL,
    ends_at     BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    answered_at BIGINT,
    PRIMARY KEY (group_id, wait_id)
);
-- Invariants: nobody has two offers at once; one yes wins.
CREATE UNIQUE INDEX wait_offers_one_at_once ON wait_offers (wait_id) WHERE state = 'offered';
CREATE UNIQUE INDEX wait_offers_taken_once ON wait_offers (group_id) WHERE state = 'taken';
CREATE INDEX wait_offers_open ON wait_offers (expires_at) WHERE state = 'offered';
CREATE INDEX wait_offers_by_wait ON wait_offers (wait_id, created_at);
CREATE INDEX wait_offers_refused ON wait_offers (starts_at) WHERE state IN ('declined', 'missed');
