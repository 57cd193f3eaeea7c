-- A reference locks nothing on SQLite, so that nothing changes here.
SELECT 1;
