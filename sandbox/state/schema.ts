/**
 * The tables of the state, a migration a version. What was released is never edited: a change is a new migration.
 * At opening the schema found is compared with the one written here, so a trigger that was taken out is noticed.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE migrations (
    version INTEGER PRIMARY KEY,
    applied_ms INTEGER NOT NULL
  ) STRICT;

  -- The log. The body is what the leaf is made of; the other columns are read from it.
  CREATE TABLE entries (
    seq INTEGER PRIMARY KEY,
    body TEXT NOT NULL,
    event TEXT GENERATED ALWAYS AS (body ->> '$.event') VIRTUAL,
    subject_type TEXT GENERATED ALWAYS AS (body ->> '$.subject.type') VIRTUAL,
    subject_id TEXT GENERATED ALWAYS AS (body ->> '$.subject.id') VIRTUAL
  ) STRICT;
  CREATE INDEX entries_of_subject ON entries (subject_type, subject_id, seq);
  CREATE INDEX entries_of_event ON entries (event, seq);
  CREATE TRIGGER entries_stay BEFORE UPDATE ON entries
    BEGIN SELECT raise(ABORT, 'an entry of the log is never changed'); END;
  CREATE TRIGGER entries_remain BEFORE DELETE ON entries
    BEGIN SELECT raise(ABORT, 'an entry of the log is never removed'); END;

  -- Hashes of complete subtrees: of the leaves idx * 2^level up to (idx + 1) * 2^level.
  CREATE TABLE hashes (
    level INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (level, idx)
  ) STRICT, WITHOUT ROWID;

  -- The last signed checkpoint of every 1024 entries, and the newest two.
  CREATE TABLE checkpoints (
    size INTEGER PRIMARY KEY,
    note TEXT NOT NULL
  ) STRICT;
  `,
]
