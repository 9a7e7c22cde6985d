import { DuckDBInstance } from '@duckdb/node-api'

/** Runs SQL in an engine of its own and gives the rows as text or null, so that nothing is lost on the way. */
export const openDuck = async (
  threads = 1,
): Promise<{
  readonly run: (sql: string) => Promise<void>
  readonly rows: (sql: string) => Promise<(string | null)[][]>
  readonly close: () => void
}> => {
  const instance = await DuckDBInstance.create(':memory:', { threads: String(threads) })
  const connection = await instance.connect()
  return {
    run: async (sql) => {
      await connection.run(sql)
    },
    rows: async (sql) => {
      const reader = await connection.runAndReadAll(sql)
      return reader
        .getRows()
        .map((row) => row.map((value) => (value === null ? null : String(value))))
    },
    close: () => {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

/** A text as SQL. */
export const quoted = (text: string | null): string =>
  text === null ? 'NULL' : `'${text.replaceAll("'", "''")}'`
