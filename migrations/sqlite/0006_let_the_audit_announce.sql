-- A line of the audit says whether others must be told, and as what; the message is then written by the database itself, so that
-- no change can forget it. Empty: nobody is told.
ALTER TABLE audit ADD COLUMN message TEXT NOT NULL DEFAULT '';

CREATE TRIGGER audit_announces AFTER INSERT ON audit WHEN NEW.message <> ''
BEGIN
    INSERT INTO outbox (kind, subject, payload, created_at) VALUES (NEW.message, NEW.subject, NEW.detail, NEW.at);
END;

-- Bookings that count towards one limit or one share wait for one another without rows: here there is one writer at a time.
DROP TABLE beneficiary_turns;
DROP TABLE office_days;
