import { BOOLEAN, DOUBLE, isExact, type DataType } from '../relation/type.ts'
import { typeSql } from '../relation/type.ts'
import type { Cell, Result } from '../result.ts'
import type { AnswerColumn, Plan } from './plan.ts'
import { protectedColumn, protectedName } from './plan.ts'
import { sure } from '../sure.ts'

/** A result after the gate: keys as they are, figures protected. Columns as the aggregate's, by position. */
export type ProtectedTable = {
  readonly columns: readonly { readonly type: DataType; readonly figure: boolean }[]
  readonly rows: readonly (readonly Cell[])[]
}

type TextCell = string | null
type SmallTable = {
  readonly name: string
  readonly columns: { readonly name: string; readonly type: DataType }[]
  readonly rows: TextCell[][]
}

/** Protected results as the small public tables that `plan.post` scans: texts, each figure followed by its companions. */
export const postTables = (
  plan: Pick<Plan, 'door'>,
  tables: readonly ProtectedTable[],
): readonly SmallTable[] =>
  tables.map((table, position) => {
    const own = table.columns.map(({ type }, index) => ({ name: protectedColumn(index), type }))
    const figures = table.columns.flatMap(({ figure }, index) => (figure ? [index] : []))
    const beside = figures.flatMap((index) => companionColumns(plan.door, index))
    return {
      name: protectedName(position),
      columns: [...own, ...beside],
      rows: table.rows.map((row) => [
        ...row.map(valueText),
        ...figures.flatMap((index) => companionTexts(plan.door, sure(row[index], 'a figure'))),
      ]),
    }
  })

const companionColumns = (door: Plan['door'], index: number): SmallTable['columns'] =>
  door === 'noise'
    ? ['sd', 'low', 'high'].map((suffix) => ({
        name: `${protectedColumn(index)}_${suffix}`,
        type: DOUBLE,
      }))
    : [{ name: `${protectedColumn(index)}_withheld`, type: BOOLEAN }]

const isObject = (cell: Cell): cell is Extract<Cell, object> =>
  typeof cell === 'object' && cell !== null

/** A withheld figure is NULL to everything after it: it satisfies no condition and sorts with what is not known. */
const valueText = (cell: Cell): TextCell => {
  if (!isObject(cell)) return cell === null ? null : String(cell)
  return 'value' in cell && cell.value !== null ? String(cell.value) : null
}

const companionTexts = (door: Plan['door'], cell: Cell): TextCell[] => {
  if (door === 'people') return [String(isObject(cell) && 'withheld' in cell)]
  if (!isObject(cell) || !('value' in cell)) return [null, null, null]
  return [cell.sd, cell.low, cell.high].map((value) => (value === undefined ? null : String(value)))
}

/** The answer that may leave, from the rows of `plan.post` (texts in canonical form, in their final order). */
export const answerOf = (plan: Plan, rows: readonly (readonly TextCell[])[]): Result => ({
  door: plan.door,
  columns: plan.answer.map(({ name, type }) => ({ name, type: typeSql(type) })),
  rows: rows.map((row) => plan.answer.map((column) => cellOf(plan.door, column, row))),
  notes: plan.notes.map(({ note, params }) => ({ note, params: { ...params } })),
})

const cellOf = (door: Plan['door'], column: AnswerColumn, row: readonly TextCell[]): Cell => {
  const value = scalarOf(row[column.column] ?? null, column.type)
  if (column.companions === undefined) return value
  const [first = null, low = null, high = null] = column.companions.map(
    (index) => row[index] ?? null,
  )
  if (door === 'people') return first === 'true' ? { withheld: true } : { value }
  return {
    value,
    ...(first !== null && { sd: Number(first) }),
    ...(low !== null && { low: Number(low) }),
    ...(high !== null && { high: Number(high) }),
  }
}

const scalarOf = (text: TextCell, type: DataType): string | number | boolean | null => {
  if (text === null) return null
  if (type.id === 'BOOLEAN') return text === 'true'
  if (type.id === 'DOUBLE') return Number(text)
  return isExact(type) ? numberCell(text) : text
}

/** Decimal text as a number where 15 digits hold it, and as text beyond: no digit is lost on the way. */
export const numberCell = (text: string): number | string =>
  text.replaceAll(/[^0-9]/g, '').replace(/^0+/, '').length <= 15 ? Number(text) : text
