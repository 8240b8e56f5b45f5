-- What was used up until now was not marked, so it counts as told by endpoints.
ALTER TABLE usage ADD COLUMN estimated INTEGER NOT NULL DEFAULT 0;
