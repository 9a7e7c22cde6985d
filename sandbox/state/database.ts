import { chmodSync } from 'node:fs'
import {
  DatabaseSync,
  type SQLInputValue,
  type SQLOutputValue,
  type StatementSync,
} from 'node:sqlite'
import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { refuse } from '../../policies/refusal.ts'
import { migrations } from './schema.ts'

export type Row = Record<string, SQLOutputValue>

/** Reads of the state. Statements are constant texts with `?`; values never stand in them. */
export type Reader = {
  readonly get: (sql: string, ...values: SQLInputValue[]) => Row | undefined
  readonly all: (sql: string, ...values: SQLInputValue[]) => readonly Row[]
  readonly each: (sql: string, ...values: SQLInputValue[]) => IterableIterator<Row>
}

export type RowChanged = (sign: 1 | -1, table: string, values: readonly SQLInputValue[]) => void

/** A database opened for one process, with its prepared statements. `run` answers how many rows it changed. */
export type Database = Reader & {
  readonly run: (sql: string, ...values: SQLInputValue[]) => number
  readonly exec: (sql: string) => void
  /**
   * Calls back for every row of these tables that is written: with 1 for a row that is there now, with -1 for one that
   * no longer is. By triggers of this connection alone, which no stored schema can switch off.
   */
  readonly watch: (tables: readonly string[], changed: RowChanged) => void
  readonly isTransaction: () => boolean
  readonly close: () => void
}

/**
 * Opens or creates the database file and holds it alone until closed: EXCLUSIVE locking with a transaction at once, so
 * that a second process is turned away at its door. WAL with synchronous FULL: what COMMIT answers is on the disk.
 * `pagesMax` bounds the file (4096 bytes a page); a process that is about to end is waited for.
 */
export const openDatabase = (path: string, pagesMax: number, waitMs = 0): Database => {
  const connection = new DatabaseSync(path, { timeout: waitMs })
  try {
    connection.enableDefensive(true)
    chmodSync(path, 0o600)
    connection.exec(`
      PRAGMA trusted_schema = OFF;
      PRAGMA cell_size_check = ON;
      -- So that the triggers against removal also see a row that INSERT OR REPLACE would remove.
      PRAGMA recursive_triggers = ON;
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA max_page_count = ${pagesMax};
      BEGIN IMMEDIATE;
      COMMIT;
    `)
  } catch (error) {
    connection.close()
    throw error
  }
  return withStatements(connection)
}

const withStatements = (connection: DatabaseSync): Database => {
  const statements = new Map<string, StatementSync>()
  const prepared = (sql: string): StatementSync => {
    const known = statements.get(sql)
    if (known !== undefined) return known
    const statement = connection.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
  return {
    get: (sql, ...values) => prepared(sql).get(...values),
    all: (sql, ...values) => prepared(sql).all(...values),
    each: (sql, ...values) => connection.prepare(sql).iterate(...values),
    run: (sql, ...values) => Number(prepared(sql).run(...values).changes),
    exec: (sql) => connection.exec(sql),
    watch: (tables, changed) => watchRows(connection, tables, changed),
    isTransaction: () => connection.isTransaction,
    close: () => connection.close(),
  }
}

const watchRows = (
  connection: DatabaseSync,
  tables: readonly string[],
  changed: RowChanged,
): void => {
  connection.function('row_changed', { varargs: true }, (sign, table, ...values) => {
    changed(sign === 1 ? 1 : -1, String(table), values)
    return null
  })
  for (const table of tables) {
    const columns = connection
      .prepare('SELECT name FROM pragma_table_info(?) ORDER BY cid')
      .all(table)
      .map(({ name }) => String(name))
    const call = (sign: 1 | -1, row: 'old' | 'new'): string =>
      `SELECT row_changed(${sign}, '${table}', ${columns.map((name) => `${row}.${name}`).join(', ')});`
    connection.exec(`
      CREATE TEMP TRIGGER ${table}_added AFTER INSERT ON main.${table}
        BEGIN ${call(1, 'new')} END;
      CREATE TEMP TRIGGER ${table}_changed AFTER UPDATE ON main.${table}
        BEGIN ${call(-1, 'old')} ${call(1, 'new')} END;
      CREATE TEMP TRIGGER ${table}_removed AFTER DELETE ON main.${table}
        BEGIN ${call(-1, 'old')} END;
    `)
  }
}

/**
 * Brings an empty or older database to this program's schema, each step in a transaction, and refuses any other: a
 * newer one, or one whose tables, indexes or triggers are not letter by letter those of `schema.ts`.
 */
export const migrate = (database: Database, nowMs: number): Outcome<undefined> => {
  const found = versionOf(database)
  if (found > migrations.length)
    return refused(refuse('state/unknown-schema', { found, known: migrations.length }))
  for (const [index, sql] of migrations.entries())
    if (index >= found) applyMigration(database, { version: index + 1, sql }, nowMs)
  return schemaOf(database) === expectedSchema()
    ? accepted(undefined)
    : refused(refuse('state/damaged', { what: 'its tables are not those of this program' }))
}

const versionOf = (database: Database): number => {
  const [table] = database.all("SELECT 1 FROM sqlite_schema WHERE name = 'migrations'")
  if (table === undefined) return 0
  return Number(database.get('SELECT max(version) AS version FROM migrations')?.['version'] ?? 0)
}

const applyMigration = (
  database: Database,
  { version, sql }: { readonly version: number; readonly sql: string },
  nowMs: number,
): void => {
  database.exec('BEGIN IMMEDIATE')
  database.exec(sql)
  database.run('INSERT INTO migrations (version, applied_ms) VALUES (?, ?)', version, nowMs)
  database.exec('COMMIT')
}

const schemaOf = (database: Pick<Database, 'all'>): string =>
  JSON.stringify(database.all('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name'))

const expectedSchema = (): string => {
  const model = withStatements(new DatabaseSync(':memory:'))
  for (const sql of migrations) model.exec(sql)
  const schema = schemaOf(model)
  model.close()
  return schema
}

export type Failure = 'in-use' | 'damaged' | 'cannot-write' | 'other'

/**
 * What a failure of SQLite is: the file is held by another process, is not a sound database, or cannot be written (no
 * room, a failing disk, no rights); or another. Undefined for what SQLite did not throw.
 */
export const storageFailure = (error: unknown): Failure | undefined => {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined
  // Primary result codes of SQLite are the low byte (sqlite.org/rescode.html).
  return failures[Number(error.errcode) & 0xff] ?? 'other'
}

/** PERM, BUSY, LOCKED, NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOTADB. */
const failures: Readonly<Record<number, Failure>> = {
  3: 'cannot-write',
  5: 'in-use',
  6: 'in-use',
  7: 'cannot-write',
  8: 'cannot-write',
  10: 'cannot-write',
  11: 'damaged',
  13: 'cannot-write',
  14: 'cannot-write',
  15: 'in-use',
  26: 'damaged',
}
