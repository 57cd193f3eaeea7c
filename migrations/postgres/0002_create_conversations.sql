-- Conversations, what people must follow up, and answers to repeated requests.

CREATE TABLE conversations (
    id            TEXT PRIMARY KEY,
    token_hash    TEXT   NOT NULL,
    channel       TEXT   NOT NULL,
    state_version BIGINT NOT NULL,
    state         TEXT   NOT NULL,
    turn          BIGINT NOT NULL,
    status        TEXT   NOT NULL CHECK (status IN ('open', 'ended', 'handed_off')),
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL
);
CREATE INDEX conversations_by_update ON conversations (updated_at);

-- Every turn as it was said, for replay and for answers to repeated requests. NULL inbound is the greeting.
CREATE TABLE exchanges (
    conversation_id TEXT   NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    turn            BIGINT NOT NULL,
    inbound         TEXT,
    outbound        TEXT   NOT NULL,
    idempotency_key TEXT,
    inbound_hash    TEXT,
    at              BIGINT NOT NULL,
    PRIMARY KEY (conversation_id, turn),
    UNIQUE (conversation_id, idempotency_key)
);

CREATE TABLE handoffs (
    id              TEXT PRIMARY KEY,
    conversation_id TEXT   NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    reason          TEXT   NOT NULL,
    slots           TEXT   NOT NULL,
    created_at      BIGINT NOT NULL,
    taken_at        BIGINT
);
CREATE INDEX handoffs_by_conversation ON handoffs (conversation_id);

CREATE TABLE callbacks (
    id              TEXT PRIMARY KEY,
    conversation_id TEXT   NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    phone           TEXT   NOT NULL,
    created_at      BIGINT NOT NULL,
    done_at         BIGINT
);
CREATE INDEX callbacks_by_conversation ON callbacks (conversation_id);

-- Ratings outlive their conversations: they name nobody.
CREATE TABLE feedback (
    id              TEXT PRIMARY KEY,
    conversation_id TEXT   NOT NULL,
    rating          BIGINT NOT NULL CHECK (rating BETWEEN 1 AND 5),
    created_at      BIGINT NOT NULL
);

-- Answers given to machine and staff requests that carried an idempotency key.
CREATE TABLE answered_requests (
    token_hash      TEXT   NOT NULL,
    idempotency_key TEXT   NOT NULL,
    request_hash    TEXT   NOT NULL,
    status          BIGINT NOT NULL,
    body            TEXT   NOT NULL,
    created_at      BIGINT NOT NULL,
    PRIMARY KEY (token_hash, idempotency_key)
);
CREATE INDEX answered_requests_by_age ON answered_requests (created_at);
