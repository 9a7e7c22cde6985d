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

  -- What the tables below must add up to (seal.ts).
  CREATE TABLE seal (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    mac BLOB NOT NULL CHECK (length(mac) = 32)
  ) STRICT;

  -- Catalogue entries, policies and agreements: immutable, addressed by digest. One of a name is current.
  CREATE TABLE documents (
    digest TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    json TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (kind, digest)
  ) STRICT;
  CREATE TABLE current_documents (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (kind, name),
    FOREIGN KEY (kind, digest) REFERENCES documents (kind, digest)
  ) STRICT;
  CREATE TRIGGER documents_stay BEFORE UPDATE ON documents
    BEGIN SELECT raise(ABORT, 'a document is never changed'); END;
  CREATE TRIGGER documents_remain BEFORE DELETE ON documents
    BEGIN SELECT raise(ABORT, 'a document is never removed'); END;

  CREATE TABLE accounts (
    account TEXT PRIMARY KEY,
    organisation TEXT NOT NULL,
    role TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    disabled_ms INTEGER
  ) STRICT;
  -- A key is 256 random bits; its SHA-256 is kept, which cannot be turned back.
  CREATE TABLE keys (
    digest TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES accounts (account),
    expires_ms INTEGER NOT NULL,
    revoked_ms INTEGER
  ) STRICT;

  -- Published files. The digest names dataset, policy and content; seq is the place of its log entry.
  CREATE TABLE versions (
    digest TEXT PRIMARY KEY,
    dataset TEXT NOT NULL,
    dataset_digest TEXT NOT NULL,
    policy_digest TEXT NOT NULL,
    raw TEXT NOT NULL,
    file TEXT NOT NULL,
    file_digest TEXT NOT NULL,
    key_identity TEXT NOT NULL,
    facts TEXT NOT NULL,
    seq INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX versions_of_dataset ON versions (dataset, policy_digest, seq);
  CREATE TRIGGER versions_stay BEFORE UPDATE ON versions
    BEGIN SELECT raise(ABORT, 'a version is never changed'); END;
  CREATE TRIGGER versions_remain BEFORE DELETE ON versions
    BEGIN SELECT raise(ABORT, 'a version is never removed'); END;

  -- Raw versions of datasets, what was left out of them, and registers of entities: no question reads these files.
  CREATE TABLE files (
    shelf TEXT NOT NULL,
    file TEXT NOT NULL,
    name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    key_identity TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (shelf, file)
  ) STRICT;
  CREATE INDEX files_of_name ON files (shelf, name, seq);
  CREATE TRIGGER files_stay BEFORE UPDATE ON files
    BEGIN SELECT raise(ABORT, 'a file is never changed'); END;

  CREATE TABLE submissions (
    id TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    spec TEXT NOT NULL,
    account TEXT NOT NULL,
    organisation TEXT NOT NULL,
    agreement TEXT NOT NULL,
    idempotency_key TEXT,
    state TEXT NOT NULL,
    received_ms INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL,
    seq INTEGER NOT NULL UNIQUE,
    refusals TEXT NOT NULL DEFAULT '[]',
    result TEXT,
    UNIQUE (account, idempotency_key)
  ) STRICT;
  CREATE INDEX submissions_of_organisation ON submissions (organisation, seq);
  CREATE INDEX submissions_of_agreement ON submissions (agreement, seq);
  CREATE INDEX submissions_in_state ON submissions (state, seq);
  CREATE INDEX submissions_of_digest ON submissions (digest, seq);
  CREATE TRIGGER submissions_stay BEFORE UPDATE OF
      id, digest, spec, account, organisation, agreement, idempotency_key, received_ms, seq ON submissions
    BEGIN SELECT raise(ABORT, 'a submission is never changed'); END;
  CREATE TRIGGER submissions_remain BEFORE DELETE ON submissions
    BEGIN SELECT raise(ABORT, 'a submission is never removed'); END;

  CREATE TABLE runs (
    run TEXT PRIMARY KEY,
    submission TEXT NOT NULL REFERENCES submissions (id),
    started_ms INTEGER NOT NULL,
    ended_ms INTEGER,
    outcome TEXT
  ) STRICT;
  CREATE INDEX runs_of_submission ON runs (submission, started_ms);

  -- Bytes as the caller hands them over (sealed, where they are not released yet), by the digest of what leaves.
  CREATE TABLE results (
    digest TEXT PRIMARY KEY,
    question TEXT NOT NULL,
    bytes BLOB NOT NULL,
    evidence BLOB,
    seq INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX results_of_question ON results (question, seq);
  CREATE TRIGGER results_stay BEFORE UPDATE OF digest, question, bytes, seq ON results
    BEGIN SELECT raise(ABORT, 'a result is never changed'); END;
  -- The key of a table of releases is the submission: none is released twice (I12).
  CREATE TABLE releases (
    submission TEXT PRIMARY KEY REFERENCES submissions (id),
    digest TEXT NOT NULL REFERENCES results (digest),
    record TEXT NOT NULL,
    released_ms INTEGER NOT NULL,
    seq INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX releases_of_result ON releases (digest);
  CREATE TRIGGER releases_stay BEFORE UPDATE ON releases
    BEGIN SELECT raise(ABORT, 'a release is never changed'); END;
  CREATE TRIGGER releases_remain BEFORE DELETE ON releases
    BEGIN SELECT raise(ABORT, 'a release is never removed'); END;

  -- The privacy ledger: what is spent, in 1e-9 of rho and 1e-15 of delta. It never gets less (I6).
  CREATE TABLE spent (
    scope TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    rho_nano INTEGER NOT NULL CHECK (rho_nano >= 0),
    delta_femto INTEGER NOT NULL CHECK (delta_femto >= 0),
    PRIMARY KEY (scope, name, kind)
  ) STRICT;
  CREATE TRIGGER spent_grows BEFORE UPDATE ON spent
    WHEN new.rho_nano < old.rho_nano OR new.delta_femto < old.delta_femto
      OR new.scope <> old.scope OR new.name <> old.name OR new.kind <> old.kind
    BEGIN SELECT raise(ABORT, 'what is spent stays spent'); END;
  CREATE TRIGGER spent_remains BEFORE DELETE ON spent
    BEGIN SELECT raise(ABORT, 'what is spent stays spent'); END;
  `,
  `
  -- Pulls, by their dataset: how their document (documents, kind pull) is doing. What failed is for the operator.
  CREATE TABLE pulls (
    dataset TEXT PRIMARY KEY,
    is_paused INTEGER NOT NULL CHECK (is_paused IN (0, 1)),
    looked_ms INTEGER NOT NULL,
    failures INTEGER NOT NULL CHECK (failures >= 0),
    problem TEXT
  ) STRICT;
  -- Contents that were pulled; each is so once.
  CREATE TABLE pulled (
    dataset TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (dataset, sha256)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER pulled_stay BEFORE UPDATE ON pulled
    BEGIN SELECT raise(ABORT, 'what was pulled was pulled'); END;
  CREATE TRIGGER pulled_remain BEFORE DELETE ON pulled
    BEGIN SELECT raise(ABORT, 'what was pulled was pulled'); END;
  `,
  `
  -- The ends of versions (destructions.ts): each state leads to the next alone.
  CREATE TABLE destructions (
    version TEXT PRIMARY KEY REFERENCES versions (digest),
    state TEXT NOT NULL CHECK (state IN ('proposed', 'begun', 'done')),
    account TEXT NOT NULL,
    reason TEXT NOT NULL,
    seq INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX destructions_in_state ON destructions (state, seq);
  CREATE TRIGGER destructions_go_on BEFORE UPDATE ON destructions
    WHEN new.version <> old.version OR new.account <> old.account OR new.reason <> old.reason
      OR (old.state || ' ' || new.state) NOT IN ('proposed begun', 'begun done')
    BEGIN SELECT raise(ABORT, 'a destruction goes on and never back'); END;
  CREATE TRIGGER destructions_remain BEFORE DELETE ON destructions
    BEGIN SELECT raise(ABORT, 'a destruction is never removed'); END;
  `,
  `
  -- The ends of what was set aside (quarantine-ends.ts), by the stem of its file.
  CREATE TABLE quarantine_ends (
    file TEXT PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('begun', 'done')),
    seq INTEGER NOT NULL
  ) STRICT;
  CREATE TRIGGER quarantine_ends_go_on BEFORE UPDATE ON quarantine_ends
    WHEN new.file <> old.file OR old.state <> 'begun' OR new.state <> 'done'
    BEGIN SELECT raise(ABORT, 'an end goes on and never back'); END;
  CREATE TRIGGER quarantine_ends_remain BEFORE DELETE ON quarantine_ends
    BEGIN SELECT raise(ABORT, 'an end is never removed'); END;
  `,
  `
  -- Tokens that an organisation made under an agreement, how many of each kind (tokens.ts): neither they nor what they
  -- stand for. With the agreement their key ends.
  CREATE TABLE tokens (
    agreement TEXT NOT NULL,
    kind TEXT NOT NULL,
    made INTEGER NOT NULL CHECK (made > 0),
    is_over INTEGER NOT NULL CHECK (is_over IN (0, 1)),
    PRIMARY KEY (agreement, kind)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER tokens_grow BEFORE UPDATE ON tokens
    WHEN new.agreement <> old.agreement OR new.kind <> old.kind OR new.made < old.made OR old.is_over = 1
    BEGIN SELECT raise(ABORT, 'what was made was made'); END;
  CREATE TRIGGER tokens_remain BEFORE DELETE ON tokens
    BEGIN SELECT raise(ABORT, 'what was made was made'); END;
  `,
]
