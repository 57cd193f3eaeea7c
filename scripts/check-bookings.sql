-- Looks through the books for what must never be there, and gives one row for each fault: the rule that is broken and the
-- row that breaks it. No rows: the books are in order. It changes nothing, and knows nothing of the program but its tables.
--
--   sqlite3 -readonly data/ariadni.db < scripts/check-bookings.sql
--   psql postgres://… --file scripts/check-bookings.sql
--
-- It may run beside a working server: it is one statement, and sees one moment.

WITH changes (action, kind) AS (
    SELECT 'booked', 'appointment_booked' UNION ALL
    SELECT 'cancelled', 'appointment_cancelled' UNION ALL
    SELECT 'rescheduled', 'appointment_rescheduled' UNION ALL
    SELECT 'checked_in', 'appointment_checked_in' UNION ALL
    SELECT 'started', 'appointment_started' UNION ALL
    SELECT 'completed', 'appointment_completed' UNION ALL
    SELECT 'missed', 'appointment_missed'
)
-- Nobody has a desk that somebody else has at the same time. A claim lasts a day at most, so that the index is enough.
SELECT 'two live claims overlap' AS rule, a.id || ' and ' || b.id AS subject
FROM claims a JOIN claims b ON b.resource_id = a.resource_id AND b.live = 1
    AND b.starts_at >= a.starts_at AND b.starts_at < a.ends_at
    AND (b.starts_at > a.starts_at OR b.id > a.id)
WHERE a.live = 1
UNION ALL
-- The claim may be wider than the appointment (time before and after), and there may be further ones.
SELECT 'a standing appointment has no claim over its own time', p.reference
FROM appointments p
WHERE p.state IN ('booked', 'checked_in', 'started') AND NOT EXISTS (
    SELECT 1 FROM claims c
    WHERE c.group_id = p.id AND c.live = 1 AND c.kind = 'appointment' AND c.resource_id = p.resource_id
      AND c.starts_at <= p.starts_at AND c.ends_at >= p.ends_at
)
UNION ALL
SELECT 'a live claim belongs to no standing appointment', c.id
FROM claims c LEFT JOIN appointments p ON p.id = c.group_id
WHERE c.live = 1 AND c.kind = 'appointment' AND (p.id IS NULL OR p.state = 'cancelled')
UNION ALL
SELECT 'a live claim is not at its appointment''s time and office', c.id
FROM claims c JOIN appointments p ON p.id = c.group_id
WHERE c.live = 1 AND c.kind = 'appointment'
  AND (c.office_id <> p.office_id OR c.slot_starts_at <> p.starts_at OR c.slot_ends_at <> p.ends_at)
UNION ALL
SELECT 'a hold is booked and still held', c.group_id
FROM claims c JOIN appointments p ON p.id = c.group_id
WHERE c.live = 1 AND c.kind = 'hold'
UNION ALL
SELECT 'what is kept for a while never ends', c.id
FROM claims c
WHERE c.live = 1 AND c.kind IN ('hold', 'offer', 'cooldown') AND c.expires_at >= 253402300799
UNION ALL
SELECT 'a claim does not cover its slot', c.id
FROM claims c
WHERE c.live = 1 AND (c.slot_starts_at < c.starts_at OR c.slot_ends_at > c.ends_at)
UNION ALL
-- Half a transaction: the change without its audit row, or without its message to the outside.
SELECT 'an appointment was not booked once in the audit', p.reference
FROM appointments p
WHERE 1 <> (SELECT COUNT(*) FROM audit a WHERE a.subject = p.reference AND a.action = 'booked')
UNION ALL
SELECT 'a cancelled appointment was not cancelled once in the audit', p.reference
FROM appointments p
WHERE (CASE WHEN p.state = 'cancelled' THEN 1 ELSE 0 END)
    <> (SELECT COUNT(*) FROM audit a WHERE a.subject = p.reference AND a.action = 'cancelled')
UNION ALL
SELECT 'a change has no audit row', p.reference
FROM appointments p
WHERE p.sequence + 1 > (SELECT COUNT(*) FROM audit a WHERE a.subject = p.reference)
UNION ALL
SELECT 'a change has no message, or a message no change', p.reference || ' ' || ch.action
FROM appointments p CROSS JOIN changes ch
WHERE (SELECT COUNT(*) FROM audit a WHERE a.subject = p.reference AND a.action = ch.action)
    <> (SELECT COUNT(*) FROM outbox o WHERE o.subject = p.reference AND o.kind = ch.kind)
UNION ALL
SELECT 'the audit books an appointment that is not there', a.subject
FROM audit a LEFT JOIN appointments p ON p.reference = a.subject
WHERE a.action = 'booked' AND p.id IS NULL
UNION ALL
SELECT 'a message is about an appointment that is not there', o.subject
FROM outbox o LEFT JOIN appointments p ON p.reference = o.subject
WHERE o.kind = 'appointment_booked' AND p.id IS NULL;
