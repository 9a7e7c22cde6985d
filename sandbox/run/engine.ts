import {
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBTimestampValue,
  DuckDBTypeId,
  type DuckDBConnection,
  type DuckDBResult,
  type DuckDBValue,
} from '@duckdb/node-api'
import { openCount, verifyStored } from '../domain/files.ts'
import { takeTurns } from './turn.ts'

/**
 * One value as it leaves the engine. Every integer type is a bigint; DECIMAL, DATE and TIMESTAMP are their text
 * (`1.50`, `2026-01-31`), so that nothing is rounded on the way.
 */
export type Cell = bigint | number | string | boolean | null
export type Row = readonly Cell[]

/**
 * Why a statement gave nothing: interrupted, out of memory or rows, a file that is not the one its SHA-256 names, or
 * anything else. The engine's own words are dropped
 * here, since 38 of 91 tried expressions printed raw values in them; nothing else of the error survives.
 */
export const engineFaults = ['time', 'memory', 'file', 'engine'] as const
export type EngineFault = (typeof engineFaults)[number]
export class EngineFailure extends Error {
  readonly fault: EngineFault
  constructor(fault: EngineFault) {
    super(`engine fault: ${fault}`)
    this.name = 'EngineFailure'
    this.fault = fault
  }
}

/** `types` are the engine's names of the columns' types: `BIGINT`, `DECIMAL(18,2)`. */
export type Answer = {
  readonly columns: readonly string[]
  readonly types: readonly string[]
  readonly rows: readonly Row[]
}
type QueryLimits = { readonly rowsMax?: number; readonly timeoutMs?: number }

export type Engine = {
  /**
   * Runs one statement. Parameters are bound by position and arrive as VARCHAR, HUGEINT, DOUBLE or BOOLEAN: cast them in
   * the statement. Throws `EngineFailure`; more than `rowsMax` rows (1,000,000) is the fault `memory`.
   */
  readonly query: (sql: string, params?: readonly Cell[], limits?: QueryLimits) => Promise<Answer>
  /** A statement to run many times: parsing it anew took as long as binding a query of 2 KB. */
  readonly prepare: (sql: string) => Promise<(params: readonly Cell[]) => Promise<Answer>>
  /** Ends the running statement with the fault `time`, usually within 150 ms; a stubborn one needs SIGKILL. */
  readonly interrupt: () => void
  readonly close: () => void
}

/** An encrypted file to read. `key` has 32 bytes; `sha256` is compared before the file is opened. */
export type Attachment = {
  readonly path: string
  readonly alias: string
  readonly key: Uint8Array
  readonly sha256: string
}

const common = {
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  allow_community_extensions: 'false',
  allow_persistent_secrets: 'false',
}

/**
 * What would let values decide how much is read or in which order. Filters pushed into scans, those that a join makes
 * for its other side while it runs, and statistics skip blocks and whole scans by their smallest and largest values
 * (measured on ten million rows: 0.6 against 70 ms). The order of joins, and which side of one is kept in memory, would
 * follow estimates from the numbers of rows: one row more turns a join round. Filters pulled up would not come down
 * again, and leave all pairs of rows below them. Windows over a partition would become joins that nobody padded
 * (`query/pad-joins.ts`).
 */
export const steadyOff = [
  'filter_pullup',
  'filter_pushdown',
  'statistics_propagation',
  'join_filter_pushdown',
  'join_order',
  'build_side_probe_side',
  'window_self_join',
] as const
const steady = `SET disabled_optimizers = '${steadyOff.join(',')}'`

/** What closes an engine for good; the order matters, nothing after `lock_configuration` can be changed back. */
const locks = [
  'SET enable_external_access = false',
  "SET disabled_filesystems = 'LocalFileSystem'",
  'SET errors_as_json = true',
  'SET lock_configuration = true',
]

/**
 * Opens an in-memory engine that reads the given encrypted files and then can reach no file, network, extension or
 * setting. What still works in it (other attached tables, metadata, sleeping, in-memory DDL) is a matter for the
 * allow-lists in front of it. Throws `EngineFailure`, also where a file is not the one its SHA-256 names.
 */
export const openEngine = async (options: {
  readonly threads: number
  readonly memoryMb: number
  readonly attach?: readonly Attachment[]
  /** Time must not depend on where values lie: nothing is skipped by statistics. */
  readonly steady?: boolean
}): Promise<Engine> => {
  const instance = await DuckDBInstance.create(':memory:', {
    ...common,
    threads: String(options.threads),
    memory_limit: `${options.memoryMb}MB`,
    temp_directory: '',
  })
  const connection = await instance.connect()
  const engine = engineOf(instance, connection)
  try {
    for (const attachment of options.attach ?? []) await attach(engine, attachment)
    if (options.steady === true) await engine.query(steady)
    for (const lock of locks) await engine.query(lock)
    return engine
  } catch (error) {
    engine.close()
    throw failureOf(error)
  }
}

const attach = async (engine: Engine, { path, alias, key, sha256 }: Attachment): Promise<void> => {
  const stored = await verifyStored(path, sha256)
  if (stored === undefined) throw new EngineFailure('file')
  const before = await openCount(stored.seal)
  await engine.query(
    `ATTACH ${quoteText(path)} AS ${quoteName(alias)} (READ_ONLY, ENCRYPTION_CIPHER 'GCM', ENCRYPTION_KEY $1)`,
    [Buffer.from(key).toString('base64')],
  )
  const after = await openCount(stored.seal)
  const opened = before === undefined || after === undefined || after > before
  if (!opened || !(await stored.stillSame())) throw new EngineFailure('file')
}

/**
 * An engine over an open instance: the same queries, faults and limits whatever the instance may reach. Statements of one
 * engine wait for each other.
 */
export const engineOf = (instance: DuckDBInstance, connection: DuckDBConnection): Engine => {
  const inTurn = takeTurns()
  return {
    query: (sql, params = [], limits = {}) =>
      inTurn(() => answerOf(connection, limits, () => connection.stream(sql, [...params]))),
    prepare: async (sql) => {
      const statement = await inTurn(() => connection.prepare(sql)).catch((error: unknown) => {
        throw failureOf(error)
      })
      return (params) =>
        inTurn(() =>
          answerOf(connection, {}, () => {
            statement.bind([...params])
            return statement.stream()
          }),
        )
    },
    interrupt: () => connection.interrupt(),
    close: () => {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

/** Starts a statement and takes all of its rows, within limits. */
const answerOf = async (
  connection: DuckDBConnection,
  { rowsMax = 1_000_000, timeoutMs }: QueryLimits,
  start: () => Promise<DuckDBResult>,
): Promise<Answer> => {
  const timer =
    timeoutMs === undefined ? undefined : setTimeout(() => connection.interrupt(), timeoutMs)
  try {
    const result = await start()
    const types = range(result.columnCount).map((column) => result.columnTypeId(column))
    const rows: Row[] = []
    for (;;) {
      const chunk = await result.fetchChunk()
      if (chunk === null || chunk.rowCount === 0) break
      if (rows.length + chunk.rowCount > rowsMax) throw new EngineFailure('memory')
      for (const row of chunk.getRows())
        rows.push(row.map((value, column) => cellOf(value, types[column] ?? DuckDBTypeId.INVALID)))
    }
    return { columns: result.columnNames(), types: result.columnTypes().map(String), rows }
  } catch (error) {
    throw failureOf(error)
  } finally {
    clearTimeout(timer)
  }
}

const integers = new Set([
  DuckDBTypeId.TINYINT,
  DuckDBTypeId.SMALLINT,
  DuckDBTypeId.INTEGER,
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.UTINYINT,
  DuckDBTypeId.USMALLINT,
  DuckDBTypeId.UINTEGER,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.UHUGEINT,
])

const cellOf = (value: DuckDBValue, type: DuckDBTypeId): Cell => {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'bigint') return value
  if (typeof value === 'number') return integers.has(type) ? BigInt(value) : value
  if (value instanceof DuckDBDecimalValue) return value.toString()
  if (value instanceof DuckDBDateValue) return value.toString()
  if (value instanceof DuckDBTimestampValue) return value.toString()
  throw new EngineFailure('engine')
}

const range = (length: number): number[] => Array.from({ length }, (_, index) => index)

const failureOf = (error: unknown): Error => {
  if (error instanceof EngineFailure) return error
  const message = error instanceof Error ? error.message : ''
  if (/^(?:INTERRUPT Error|\{"exception_type":"INTERRUPT")/.test(message))
    return new EngineFailure('time')
  if (/^(?:Out of Memory Error|\{"exception_type":"Out of Memory")|^std::bad_alloc/.test(message))
    return new EngineFailure('memory')
  return new EngineFailure('engine')
}

/** A name or a text as a piece of SQL. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`
