-- A reference to a row locks that row. Every booking of a service would lock the one row of the service, and each its desk's, only to
-- learn what the catalogue knows: rows of services and desks are retired, never deleted. The office's row stays referenced,
-- because a closure of the office waits for that very lock.
ALTER TABLE appointments DROP CONSTRAINT appointments_service_id_fkey;
ALTER TABLE claims DROP CONSTRAINT claims_resource_id_fkey;
