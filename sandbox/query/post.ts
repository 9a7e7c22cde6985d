import { columnsOf } from '../../policies/relation/columns.ts'
import { inputsOf, type Tree } from '../../policies/relation/tree.ts'
import { typeSql, type DataType } from '../../policies/relation/type.ts'
import { emitTree } from './emit.ts'
import { quoteName } from './render.ts'

/** A cell as canonical text of its column's type; null is NULL. */
export type TextCell = string | null

export type SmallTable = {
  readonly name: string
  readonly columns: readonly { readonly name: string; readonly type: DataType }[]
  readonly rows: readonly (readonly TextCell[])[]
}

export type SmallAnswer = {
  readonly columns: readonly { readonly name: string; readonly type: DataType }[]
  readonly rows: readonly (readonly TextCell[])[]
}

type EngineCell = bigint | number | string | boolean | null

/** What running over small tables needs of an engine without data. */
export type SmallEngine = {
  readonly query: (
    sql: string,
    params?: readonly EngineCell[],
    limits?: { readonly rowsMax?: number },
  ) => Promise<{ readonly rows: readonly (readonly EngineCell[])[] }>
}

/** Most rows of an answer. */
const rowsMax = 100_000

/**
 * Runs a public tree over small public tables: HAVING, ORDER BY, LIMIT and arithmetic over figures that are protected
 * already. Scans of the tree name the tables. Rows are in the tree's order. Rejects where the engine fails, a scan
 * names no table, or the answer has more than 100,000 rows.
 */
export const runPublic = async (
  engine: SmallEngine,
  tree: Tree,
  tables: readonly SmallTable[],
): Promise<SmallAnswer> => {
  checkScans(tree, tables)
  await engine.query('CREATE SCHEMA post')
  try {
    for (const table of tables) await fill(engine, table)
    const sql = emitTree(tree, (dataset) => `post.${quoteName(dataset)}`)
    const { rows } = await engine.query(sql, [], { rowsMax })
    const types = columnsOf(tree).at(-1) ?? []
    return {
      columns: types.map((type, index) => ({ name: tree.names[index] ?? `c${index}`, type })),
      rows: rows.map((row) => row.slice(0, types.length).map(textOf)),
    }
  } finally {
    await engine.query('DROP SCHEMA post CASCADE')
  }
}

/** The process that asks is trusted, its message is checked all the same: inputs stand before users, scans are known. */
const checkScans = (tree: Tree, tables: readonly SmallTable[]): void => {
  for (const [position, node] of tree.nodes.entries()) {
    if (inputsOf(node).some((input) => input >= position))
      throw new Error('an input after its user')
    if (node.op === 'scan' && !tables.some(({ name }) => name === node.dataset))
      throw new Error('a scan of no given table')
  }
}

/** Columns go in as one JSON list each: rows as literals take a hundred times as long to parse. */
const fill = async (engine: SmallEngine, { name, columns, rows }: SmallTable): Promise<void> => {
  const table = `post.${quoteName(name)}`
  const list = columns.map((column) => `${quoteName(column.name)} ${typeSql(column.type)}`)
  await engine.query(`CREATE TABLE ${table} (${list.join(', ')})`)
  if (rows.length === 0) return
  const lists = columns.map(
    (_, index) => `unnest(from_json($${index + 1}::JSON, '["VARCHAR"]')) AS c${index}`,
  )
  const casts = columns.map(({ type }, index) => `CAST(c${index} AS ${typeSql(type)})`)
  await engine.query(
    `INSERT INTO ${table} SELECT ${casts.join(', ')} FROM (SELECT ${lists.join(', ')})`,
    columns.map((_, index) => JSON.stringify(rows.map((row) => row[index] ?? null))),
  )
}

/** Numbers that are not finite have no place in an answer. */
const textOf = (cell: EngineCell): TextCell => {
  if (cell === null) return null
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : null
  return String(cell)
}
