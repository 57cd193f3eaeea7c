-- A line of the audit says whether others must be told, and as what; the message is then written by the database itself, so that
-- no change can forget it. Empty: nobody is told.
ALTER TABLE audit ADD COLUMN message TEXT NOT NULL DEFAULT '';

CREATE FUNCTION announce() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO outbox (kind, subject, payload, created_at) VALUES (NEW.message, NEW.subject, NEW.detail, NEW.at);
    RETURN NULL;
END;
$$;

CREATE TRIGGER audit_announces AFTER INSERT ON audit FOR EACH ROW WHEN (NEW.message <> '') EXECUTE FUNCTION announce();

-- Bookings that count towards one limit or one share wait for one another at a lock of the transaction, without rows.
DROP TABLE beneficiary_turns;
DROP TABLE office_days;
