/**
 * Makes a database ours: one owner, durable commits, the newest schema. Each step of `migrations` leads from the version of its index to the
 * next; steps that were released are never edited. `user_version` counts the steps done.
 */
import { StoreUnavailableError } from '../../engine/store-error.ts'
import type { SqlDatabase } from './sqlite-database.ts'
import { toUnavailable } from './disk-error.ts'

/** `toll` in ASCII: tells our files from other people's SQLite databases. */
const APPLICATION_ID = 0x746f6c6c

export const migrations: readonly string[] = [
  `
  CREATE TABLE subjects (subject TEXT PRIMARY KEY, record TEXT NOT NULL, expires_ms INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE documents (
    collection TEXT NOT NULL, id TEXT NOT NULL, parent TEXT, version INTEGER NOT NULL, json TEXT NOT NULL,
    PRIMARY KEY (collection, id)
  ) WITHOUT ROWID;
  CREATE INDEX documents_by_parent ON documents (collection, parent, id) WHERE parent IS NOT NULL;
  CREATE TABLE requests (
    seq INTEGER PRIMARY KEY, request_id TEXT NOT NULL UNIQUE, at_ms INTEGER NOT NULL,
    account TEXT, api TEXT, entry TEXT, client_request_id TEXT, json TEXT NOT NULL
  );
  CREATE INDEX requests_by_time ON requests (at_ms);
  CREATE INDEX requests_by_account ON requests (account, at_ms) WHERE account IS NOT NULL;
  CREATE INDEX requests_by_entry ON requests (entry, at_ms) WHERE entry IS NOT NULL;
  CREATE INDEX requests_by_client_id ON requests (client_request_id) WHERE client_request_id IS NOT NULL;
  CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  `,
  `
  ALTER TABLE subjects ADD COLUMN due_ms INTEGER;
  CREATE INDEX subjects_due ON subjects (due_ms) WHERE due_ms IS NOT NULL;
  CREATE TABLE calls (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, scope TEXT, account TEXT NOT NULL, state TEXT NOT NULL,
    created_ms INTEGER NOT NULL, due_ms INTEGER, kept_until_ms INTEGER, json TEXT NOT NULL
  );
  CREATE UNIQUE INDEX calls_by_scope ON calls (scope) WHERE scope IS NOT NULL;
  CREATE INDEX calls_keyed_by_account ON calls (account, created_ms) WHERE scope IS NOT NULL;
  CREATE INDEX calls_due ON calls (due_ms) WHERE due_ms IS NOT NULL;
  CREATE INDEX calls_forgettable ON calls (kept_until_ms) WHERE kept_until_ms IS NOT NULL;
  CREATE TABLE leases (
    seq INTEGER PRIMARY KEY, api TEXT NOT NULL, id TEXT NOT NULL, account TEXT NOT NULL, state TEXT NOT NULL, due_ms INTEGER, json TEXT NOT NULL,
    UNIQUE (api, id)
  );
  CREATE INDEX leases_by_account ON leases (account, id);
  CREATE INDEX leases_due ON leases (due_ms) WHERE due_ms IS NOT NULL;
  CREATE TABLE ledger (seq INTEGER PRIMARY KEY, subject TEXT NOT NULL, name TEXT NOT NULL, call_id TEXT, grant_id TEXT, json TEXT NOT NULL);
  CREATE INDEX ledger_by_subject ON ledger (subject);
  CREATE INDEX ledger_by_call ON ledger (call_id) WHERE call_id IS NOT NULL;
  CREATE UNIQUE INDEX ledger_grants ON ledger (subject, name, grant_id) WHERE grant_id IS NOT NULL;
  `,
  // Lists in pages for each account, tombstones by their age, and balances with the sums of what was ever granted and charged.
  `
  DROP INDEX calls_keyed_by_account;
  CREATE INDEX calls_by_account ON calls (account, created_ms, id);
  ALTER TABLE leases ADD COLUMN created_ms INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE leases ADD COLUMN ended_ms INTEGER;
  UPDATE leases SET created_ms = json_extract(json, '$.createdAtMs'), ended_ms = json_extract(json, '$.endedAtMs');
  CREATE INDEX leases_listed ON leases (account, created_ms, id, api);
  CREATE INDEX leases_ended ON leases (ended_ms) WHERE ended_ms IS NOT NULL;
  UPDATE subjects SET record = (
    SELECT json_group_array(json(CASE WHEN json_extract(part.value, '$[1]') = 'balance' THEN json_insert(part.value,
      '$[#]', (SELECT coalesce(sum(json_extract(json, '$.units')), 0) FROM ledger
        WHERE subject = subjects.subject AND name = json_extract(part.value, '$[0]') AND json_extract(json, '$.kind') = 'grant'),
      '$[#]', (SELECT coalesce(sum(json_extract(json, '$.units')), 0) FROM ledger
        WHERE subject = subjects.subject AND name = json_extract(part.value, '$[0]') AND json_extract(json, '$.kind') = 'settle')
    ) ELSE part.value END))
    FROM json_each(subjects.record) AS part
  ) WHERE record LIKE '%,"balance",%';
  `,
  // Debits, each made once under its id.
  `
  ALTER TABLE ledger ADD COLUMN debit_id TEXT;
  CREATE UNIQUE INDEX ledger_debits ON ledger (subject, name, debit_id) WHERE debit_id IS NOT NULL;
  `,
  // A number per subject; `seq` stays the order of commits, and is not in the row any more.
  `
  ALTER TABLE ledger ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
  UPDATE ledger SET number = counted.number, json = json_remove(json, '$.seq')
    FROM (SELECT seq, row_number() OVER (PARTITION BY subject ORDER BY seq) AS number FROM ledger) AS counted WHERE counted.seq = ledger.seq;
  `,
  // Accounts by API and plan, so that which plans are in use is found without reading them.
  `
  DROP INDEX documents_by_parent;
  UPDATE documents SET parent = json_array(json_extract(json, '$.api'), json_extract(json, '$.plan')) WHERE collection = 'accounts';
  CREATE INDEX documents_by_parent ON documents (collection, parent, id) WHERE parent IS NOT NULL;
  `,
  // Rows of the request log as flat lists, without a column that no index has, and ids in an index of parts (`sqlite-requests.ts`). The rows that are there stay as they are.
  `
  CREATE TABLE requests_7 (
    seq INTEGER PRIMARY KEY, request_id TEXT NOT NULL, at_ms INTEGER NOT NULL, account TEXT, entry TEXT, client_request_id TEXT, json TEXT NOT NULL
  );
  INSERT INTO requests_7 SELECT seq, request_id, at_ms, account, entry, client_request_id, json FROM requests ORDER BY seq;
  DROP TABLE requests;
  ALTER TABLE requests_7 RENAME TO requests;
  CREATE INDEX requests_by_id ON requests (seq >> 14, substr(request_id, -8));
  CREATE INDEX requests_by_time ON requests (at_ms);
  CREATE INDEX requests_by_account ON requests (account, at_ms) WHERE account IS NOT NULL;
  CREATE INDEX requests_by_entry ON requests (entry, at_ms) WHERE entry IS NOT NULL;
  CREATE INDEX requests_by_client_id ON requests (client_request_id) WHERE client_request_id IS NOT NULL;
  `,
  // What did not go well, by its time: of it alone failures are searched for. Where there was no refusal, its entry is empty.
  `
  UPDATE requests SET entry = '' WHERE entry IS NULL AND json LIKE '{%' AND json_extract(json, '$.status') >= 400;
  CREATE INDEX requests_failed ON requests (at_ms) WHERE entry IS NOT NULL;
  `,
]

/** Of this version. */
export const NEWEST_SQLITE_SCHEMA = migrations.length

export interface PrepareOptions {
  /** Told before a database that holds something is brought from one schema to another. What it throws keeps the old one. */
  readonly migrating?: ((from: number, to: number) => void) | undefined
}

/**
 * Throws a StoreUnavailableError that says why the database cannot be ours; a foreign database is not touched. Doing it again does nothing.
 *
 * @example
 * // `database`: new DatabaseSync('tollgate.db') of node:sqlite, or new Database('tollgate.db') of libsql
 * function prepare(database: SqlDatabase): void {
 *   prepareSqliteDatabase(database)
 * }
 */
export function prepareDatabase(database: SqlDatabase, { migrating }: PrepareOptions = {}): void {
  try {
    assertOurs(database)
    takeOwnership(database)
    migrate(database, migrating)
  } catch (error) {
    throw toUnavailable('the database cannot be used', error)
  }
}

function assertOurs(database: SqlDatabase): void {
  const applicationId = numberOf(database, 'PRAGMA application_id', 'application_id')
  const tables = numberOf(database, 'SELECT count(*) AS tables FROM sqlite_schema', 'tables')
  if (applicationId !== APPLICATION_ID && (applicationId !== 0 || tables > 0)) {
    throw new StoreUnavailableError('the database holds something else: it was not made by Tollgate')
  }
  const version = schemaVersion(database)
  if (version > migrations.length) {
    throw new StoreUnavailableError(
      `the database has schema ${version}, this version of Tollgate knows ${migrations.length}: run the newer version, or restore a backup`,
    )
  }
}

/**
 * The lock is the file's own, held by this connection until it closes: the system lets go of it when the process dies, however it dies. In
 * exclusive mode no shared memory file is made. FULL: each commit reaches the disk before it returns.
 */
function takeOwnership(database: SqlDatabase): void {
  database.exec('PRAGMA locking_mode = EXCLUSIVE')
  database.exec('PRAGMA journal_mode = WAL')
  database.exec('PRAGMA synchronous = FULL')
  // The lock is taken by the first write, not by the pragma.
  database.exec('BEGIN IMMEDIATE; COMMIT')
  // 32 MiB of pages (in KiB, negative): subjects are written in no order, and each page read back costs a system call.
  database.exec('PRAGMA cache_size = -32768')
  // In pages, 16 MiB: what is written often between two checkpoints goes into the file once. Four times as many would stall for longer.
  database.exec('PRAGMA wal_autocheckpoint = 4000')
  // Keeps the log from staying at the size of its largest burst.
  database.exec('PRAGMA journal_size_limit = 67108864')
}

/**
 * Lets go of the file at once. A library may keep its connection, and with it the lock, until the last prepared statement is collected
 * (libsql does). The lock of WAL in exclusive mode ends only with WAL itself; the next owner turns it on again. `displaced`: the names are another
 * database's by now, and to end WAL would delete its log.
 *
 * @example
 * function end(database: SqlDatabase): void {
 *   closeSqliteDatabase(database)
 * }
 */
export function closeDatabase(database: SqlDatabase, displaced = false): void {
  if (!displaced) letGo(database)
  database.close()
}

function letGo(database: SqlDatabase): void {
  try {
    for (const sql of ['PRAGMA journal_mode = DELETE', 'PRAGMA locking_mode = NORMAL']) database.exec(sql)
    // The mode acts with the next read.
    schemaVersion(database)
  } catch {
    // The disk fails: the lock goes with the process, and the log (-wal) keeps what was committed.
  }
}

/** All of the log goes into the database; the new one is a new file. The lock stays ours meanwhile. */
export function renewLog(database: SqlDatabase): void {
  for (const mode of ['DELETE', 'WAL']) database.exec(`PRAGMA journal_mode = ${mode}`)
  // The file is made by the first write.
  database.exec('BEGIN IMMEDIATE; COMMIT')
}

function migrate(database: SqlDatabase, migrating: PrepareOptions['migrating']): void {
  const version = schemaVersion(database)
  if (version === migrations.length) return
  try {
    if (version > 0) migrating?.(version, migrations.length)
    database.exec('BEGIN IMMEDIATE')
    for (const step of migrations.slice(version)) database.exec(step)
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${migrations.length}`)
    database.exec('COMMIT')
  } catch (error) {
    rollback(database)
    letGo(database)
    throw error
  }
}

/** After some failures (disk full) SQLite has rolled back by itself, and a ROLLBACK is an error of no meaning. */
export function rollback(database: SqlDatabase): void {
  try {
    database.exec('ROLLBACK')
  } catch {
    // Nothing is open any more, which is what we want.
  }
}

function schemaVersion(database: SqlDatabase): number {
  return numberOf(database, 'PRAGMA user_version', 'user_version')
}

function numberOf(database: SqlDatabase, sql: string, column: string): number {
  return Number((database.prepare(sql).get() as { readonly [column: string]: unknown })[column])
}
