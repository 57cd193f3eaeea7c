-- Messages to citizens, and who did what the outbox tells of: nobody is told of what he has done himself.

CREATE TABLE messages (
    -- Later ones sort after earlier ones. The gateway is given it too, so that it can know a message it has had before.
    id              TEXT PRIMARY KEY,
    -- The conversation it was promised in; empty for news.
    conversation    TEXT   NOT NULL DEFAULT '',
    kind            TEXT   NOT NULL,
    -- Only mobile telephones of the country can be sent a message.
    phone           TEXT   NOT NULL CHECK (phone LIKE '69________'),
    text            TEXT   NOT NULL,
    created_at      BIGINT NOT NULL,
    -- After this it is of no use any more.
    send_until      BIGINT NOT NULL,
    -- While it is being sent, when others may believe that whoever did so has come to grief.
    next_attempt_at BIGINT NOT NULL,
    attempts        BIGINT NOT NULL DEFAULT 0,
    -- 0 while it waits.
    delivered_at    BIGINT NOT NULL DEFAULT 0,
    failed_at       BIGINT NOT NULL DEFAULT 0,
    -- Why it failed, or why the last try did.
    reason          TEXT   NOT NULL DEFAULT '',
    CHECK (delivered_at = 0 OR failed_at = 0)
);
CREATE INDEX messages_waiting ON messages (next_attempt_at) WHERE delivered_at = 0 AND failed_at = 0;
CREATE INDEX messages_waiting_by_phone ON messages (phone, id) WHERE delivered_at = 0 AND failed_at = 0;
CREATE INDEX messages_by_age ON messages (created_at);

-- citizen, staff, system; empty when it is not known.
ALTER TABLE outbox ADD COLUMN told_by TEXT NOT NULL DEFAULT '';

DROP TRIGGER audit_announces;
CREATE TRIGGER audit_announces AFTER INSERT ON audit WHEN NEW.message <> ''
BEGIN
    INSERT INTO outbox (kind, subject, payload, created_at, told_by)
    VALUES (NEW.message, NEW.subject, NEW.detail, NEW.at, NEW.actor_kind);
END;
