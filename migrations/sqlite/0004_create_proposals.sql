-- Places proposed to people whose appointment an office cannot keep. The place itself is kept by claims of kind «offer» that bear
-- the proposal's id as their group.
CREATE TABLE proposals (
    offer_id         TEXT   PRIMARY KEY,
    for_appointment  TEXT   NOT NULL REFERENCES appointments (id),
    closure_id       TEXT   NOT NULL REFERENCES closures (id),
    offered_office   TEXT   NOT NULL,
    offered_resource TEXT   NOT NULL,
    offered_from     BIGINT NOT NULL,
    offered_to       BIGINT NOT NULL CHECK (offered_to > offered_from),
    offered_until    BIGINT NOT NULL,
    -- Why the appointment cannot be kept, as the citizen reads it.
    offered_because  TEXT   NOT NULL,
    -- Whether it waits for an answer.
    standing         BIGINT NOT NULL DEFAULT 1 CHECK (standing IN (0, 1)),
    outcome          TEXT   NOT NULL DEFAULT ''
        CHECK (outcome IN ('', 'accepted', 'declined', 'expired', 'overtaken', 'withdrawn')),
    proposed_at      BIGINT NOT NULL,
    CHECK ((standing = 1) = (outcome = ''))
);
-- One at a time for each appointment; this is also how an appointment finds its own.
CREATE UNIQUE INDEX proposals_standing ON proposals (for_appointment) WHERE standing = 1;
CREATE INDEX proposals_by_deadline ON proposals (offered_until) WHERE standing = 1;
CREATE INDEX proposals_by_closure ON proposals (closure_id) WHERE standing = 1;
