-- An approval belongs to one snapshot: after a new build the same person may approve again, and what was approved before stays on record.
ALTER TABLE approval DROP CONSTRAINT approval_pkey;
ALTER TABLE approval ADD PRIMARY KEY (release_id, person_id, snapshot_hash);
