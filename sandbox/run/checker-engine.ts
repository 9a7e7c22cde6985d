import { typeSql } from '../../policies/relation/type.ts'
import type { Binder, StubTable } from '../query/check.ts'
import { EngineFailure, openEngine, quoteName, type Engine } from './engine.ts'
import { takeTurns } from './turn.ts'

const schemasMax = 32
const columnsMax = 20_000

export type CheckerEngine = Binder & { readonly close: () => void }

/**
 * A locked engine without data. Each list of tables gets a schema of its own with empty tables, kept while it is among
 * the last used ones; a text is bound with that schema as the only one searched.
 */
export const openCheckerEngine = async (): Promise<CheckerEngine> => {
  const engine = await openEngine({ threads: 1, memoryMb: 256 })
  const serializeSql = await engine.prepare('SELECT json_serialize_sql($1::VARCHAR)')
  const serializePlan = await engine.prepare(
    'SELECT json_serialize_plan($1::VARCHAR, optimize := false)',
  )
  // The schema that is searched must stay until the text is bound.
  const inTurn = takeTurns()
  const schemas = new Map<string, string>()
  let created = 0
  let current = ''

  const schemaOf = async (tables: readonly StubTable[]): Promise<string> => {
    const list = JSON.stringify(tables)
    const known = schemas.get(list)
    if (known !== undefined) {
      schemas.delete(list)
      schemas.set(list, known)
      return known
    }
    const [oldest] = schemas
    if (schemas.size >= schemasMax && oldest !== undefined) {
      if (current === oldest[1]) await engine.query("SET schema = 'memory.main'")
      await engine.query(`DROP SCHEMA ${oldest[1]} CASCADE`)
      schemas.delete(oldest[0])
    }
    created += 1
    const name = `stub_${created}`
    await createStub(engine, name, tables)
    schemas.set(list, name)
    return name
  }

  return {
    serializeSql: (text) => textOf(serializeSql, text),
    serializePlan: (text, tables) =>
      inTurn(async () => {
        const schema = await schemaOf(tables)
        if (schema !== current) await engine.query(`SET schema = 'memory.${schema}'`)
        current = schema
        return textOf(serializePlan, text)
      }),
    evaluate: async (expressions) => {
      const list = expressions.map((text) => `CAST(${text} AS VARCHAR)`)
      const { rows } = await engine.query(`SELECT ${list.join(', ')}`)
      return (rows[0] ?? []).map((cell) => (cell === null ? null : String(cell)))
    },
    close: engine.close,
  }
}

/** What takes all memory to parse or bind is answered in the form of the engine's own errors. */
const textOf = async (
  statement: Awaited<ReturnType<Engine['prepare']>>,
  text: string,
): Promise<string> => {
  try {
    const { rows } = await statement([text])
    return String(rows[0]?.[0])
  } catch (error) {
    if (!(error instanceof EngineFailure) || error.fault !== 'memory') throw error
    return JSON.stringify({ error: true, error_type: 'memory' })
  }
}

const createStub = async (
  engine: Engine,
  schema: string,
  tables: readonly StubTable[],
): Promise<void> => {
  const width = tables.reduce((sum, { columns }) => sum + columns.length, 0)
  if (width > columnsMax) throw new Error('a stub of too many columns')
  await engine.query(`CREATE SCHEMA ${schema}`)
  for (const { dataset, columns } of tables) {
    const list = columns.map(({ name, type }) => `${quoteName(name)} ${typeSql(type)}`)
    await engine.query(`CREATE TABLE ${schema}.${quoteName(dataset)} (${list.join(', ')})`)
  }
}
