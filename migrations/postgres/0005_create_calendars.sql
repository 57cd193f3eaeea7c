-- Calendars: links under which offices and desks can be followed, and calendars elsewhere whose busy times shut a desk.

-- Only a digest of the secret is kept: whoever reads this table can follow nobody.
CREATE TABLE calendar_feeds (
    id          TEXT PRIMARY KEY,
    secret_hash TEXT   NOT NULL UNIQUE,
    office_id   TEXT   NOT NULL REFERENCES offices (id),
    -- Only this desk or employee; empty for the whole office.
    resource_id TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    -- 0 while it stands.
    revoked_at  BIGINT NOT NULL DEFAULT 0
);

-- What a calendar claims are claims of the kind 'busy' that bear its id as their group.
CREATE TABLE busy_calendars (
    id          TEXT PRIMARY KEY,
    office_id   TEXT   NOT NULL REFERENCES offices (id),
    resource_id TEXT   NOT NULL REFERENCES resources (id),
    url         TEXT   NOT NULL,
    -- The version that was read; empty as long as reading it again may change something.
    etag        TEXT   NOT NULL DEFAULT '',
    modified    TEXT   NOT NULL DEFAULT '',
    -- When it was last asked for, and last read; 0 is never.
    tried_at    BIGINT NOT NULL DEFAULT 0,
    fetched_at  BIGINT NOT NULL DEFAULT 0,
    last_error  TEXT   NOT NULL DEFAULT '',
    -- JSON: what could not be read, and the appointments in its way.
    problems    TEXT   NOT NULL DEFAULT '[]',
    collisions  TEXT   NOT NULL DEFAULT '[]',
    created_at  BIGINT NOT NULL,
    UNIQUE (resource_id, url)
);
