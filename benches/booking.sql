-- The statements of one booking in one step, as src/store sends them, for pgbench: a free desk, somebody new.
\set n random(1, 2000000000)
\set office random(0, 499)
\set desk random(0, 7)
\set slot random(0, 25919)
\set start 1796104800 + (:slot / 72) * 86400 + (:slot % 72) * 600
BEGIN;
INSERT INTO claims (id, resource_id, office_id, starts_at, ends_at, live, kind, group_id, service_id, mode, channel, by_staff, persons, language, slot_starts_at, slot_ends_at, local_date, expires_at, created_at) VALUES ('claim-' || md5((:n + 1)::text || :start || :desk), 'office-' || :office || '-' || :desk, 'office-' || :office, :start, :start + 600, 1, 'appointment', md5(:n::text || :start || :office), 'kep.information-application', 'in_person', 'system', 1, 1, '', :start, :start + 600, '2026-12-01', 253402300799, 1795413600) ON CONFLICT DO NOTHING;
SELECT resource_id, reason FROM closures WHERE office_id = 'office-' || :office AND reopened = 0 AND starts_at < :start + 600 AND ends_at > :start ORDER BY starts_at, id;
SELECT pg_advisory_xact_lock(hashtextextended('person kep.information-application ' || md5(:n::text), 0))::text;
SELECT COUNT(DISTINCT CASE WHEN series_id = '' THEN id ELSE series_id END) FROM appointments WHERE service_id = 'kep.information-application' AND beneficiary_key = md5(:n::text) AND ends_at > 1795413600 AND state IN ('booked', 'checked_in', 'started');
INSERT INTO appointments (id, reference, state, service_id, office_id, resource_id, mode, starts_at, ends_at, beneficiary, beneficiary_key, requester, phone, email, on_behalf, relation, guests, procedure_id, sequence, cancellable_until, persons, language, series_id, channel, created_at, updated_at) VALUES (md5(:n::text || :start || :office), 'R-' || :n || '-' || :start, 'booked', 'kep.information-application', 'office-' || :office, 'office-' || :office || '-' || :desk, 'in_person', :start, :start + 600, 'Πολίτης Νούμερο ' || :n, md5(:n::text), 'Πολίτης Νούμερο ' || :n, '6944123456', NULL, 0, NULL, '[]', NULL, 0, :start - 86400, 1, '', '', 'system', 1795413600, 1795413600) ON CONFLICT (reference) DO NOTHING;
INSERT INTO audit (at, actor_kind, actor, channel, action, subject, reason, detail, message) VALUES (1795413600, 'system', 'system', 'system', 'booked', 'R-' || :n, '', '{"service":"kep.information-application","office":"office-1","resource":"office-1-1","mode":"in_person","start":"2026-12-01T06:00:00Z","sequence":0}', 'appointment_booked');
COMMIT;
