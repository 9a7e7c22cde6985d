import { decimalText } from '../relation/scaled.ts'
import type { Expr } from '../relation/expression.ts'
import type { Cell, Result } from '../result.ts'
import { standardDeviation } from '../privacy/gaussian.ts'
import { rational } from '../privacy/rational.ts'
import { numberCell, type ProtectedTable } from './answer.ts'
import { meaningOf, nameOf, type Cube, type Meaning } from './cube.ts'
import type { Mechanism, NoiseStage, Plan } from './plan.ts'
import { sure } from '../sure.ts'

/** An answer that was released, and what it can be added up from. */
export type Released = { readonly cube: Cube; readonly result: Result }
export type Derived = {
  readonly table: ProtectedTable
  /** Most released cells in one cell. */
  readonly cells: number
}

const z95 = 1.959_963_985

/**
 * The protected table of a question's only stage, added up from cells that were released before: it tells nothing that
 * these do not tell, so it costs nothing. Undefined where they do not hold it. Unless `isFree`, a question that would be
 * paid for is only answered so if it loses nothing: the same groups, cell by cell, with no more noise than it would buy.
 *
 * A sum of k cells has the sum of their variances, sd = sqrt(sum sd_i^2), and its interval is 1.96 sd and one whole unit
 * around it: sums of discrete Gaussian noise are as close to normal as each of them, and the unit is more than their being
 * discrete makes up. One cell alone is given as it was.
 */
export const deriveFrom = (
  { door, stages }: Plan,
  { cube, result }: Released,
  isFree: boolean,
): Derived | undefined => {
  const [stage, more] = stages
  if (door !== 'noise' || stage?.kind !== 'noise' || more !== undefined || stage.threshold)
    return undefined
  const meaning = meaningOf(stage)
  const plan = meaning && matched(stage, meaning, cube)
  if (plan === undefined || result.rows.length !== cube.cells) return undefined
  const isSame = plan.kept.length === cube.keys.length
  if (!isSame && !isFree) return undefined
  if (!isSame && !mayBeAdded(stage, cube)) return undefined
  if (plan.choices.length > 0 && cube.parts === 'none') return undefined
  const groups = Map.groupBy(
    result.rows.filter((row) => plan.choices.every((holds) => holds(row))),
    (row) => JSON.stringify(plan.kept.map((column) => textOf(cellAt(row, column)))),
  )
  const rows: Cell[][] = []
  let cells = 0
  for (const cell of gridOf(stage)) {
    const parts = groups.get(JSON.stringify(cell)) ?? []
    const [first] = parts
    if (first === undefined) return undefined
    cells = Math.max(cells, parts.length)
    const figures = plan.figures.map(({ column, mechanism }) =>
      sumOf(
        parts.map((row) => cellAt(row, column)),
        mechanism,
      ),
    )
    if (figures.includes(undefined)) return undefined
    const keys = plan.kept.map((column) => cellAt(first, column))
    rows.push([...keys, ...figures.filter((figure) => figure !== undefined)])
  }
  if (!isFree && !isAsGood(rows, plan)) return undefined
  return { table: { columns: columnsOf(stage), rows }, cells }
}

type Matched = {
  /** Columns of the released answer that are the question's keys, in their order. */
  readonly kept: readonly number[]
  readonly figures: readonly { readonly column: number; readonly mechanism: Mechanism }[]
  /** Conditions of the question beyond those of the released answer, on its rows. */
  readonly choices: readonly ((row: readonly Cell[]) => boolean)[]
}

const matched = (stage: NoiseStage, meaning: Meaning, cube: Cube): Matched | undefined => {
  if (meaning.basis !== cube.basis || cube.where.some((one) => !meaning.where.has(one)))
    return undefined
  const columnOf = (key: string): number | undefined =>
    cube.keys.find((one) => one.key === key)?.column
  const kept = meaning.keys.map(columnOf)
  const figures = stage.figures.map(({ parts: [only = -1, more] }) => {
    const mechanism = stage.mechanisms[only]
    const name = meaning.mechanisms[only]
    const column = cube.figures.find(({ figure }) => figure === name)?.column
    return more === undefined && column !== undefined && mechanism
      ? { column, mechanism }
      : undefined
  })
  const beyond = [...meaning.where].filter(([name]) => !cube.where.includes(name))
  const choices = beyond.map(([, condition]) => choiceOf(condition, columnOf))
  const known = <T>(list: readonly (T | undefined)[]): readonly T[] | undefined =>
    list.includes(undefined) ? undefined : list.filter((one) => one !== undefined)
  const [keys, all, chosen] = [known(kept), known(figures), known(choices)]
  return keys && all && chosen && { kept: keys, figures: all, choices: chosen }
}

/** `key = 'a'` and `key in ('a', 'b')` keep whole cells or none. */
const choiceOf = (
  condition: Expr,
  columnOf: (key: string) => number | undefined,
): Matched['choices'][number] | undefined => {
  const [input, list] =
    condition.op === 'compare' && condition.kind === '='
      ? [condition.left, [condition.right]]
      : condition.op === 'in' && !condition.negated
        ? [condition.input, condition.list]
        : [undefined, []]
  const column = input && columnOf(nameOf(input))
  const values = list.map((item) => (item.op === 'literal' ? item.value : null))
  if (column === undefined || values.includes(null)) return undefined
  return (row) => {
    const text = textOf(cellAt(row, column))
    return text !== null && values.includes(text)
  }
}

/** Cells are put together where no entity is cut off in them, and entities only where none is in two of them. */
const mayBeAdded = ({ mechanisms }: NoiseStage, { parts }: Cube): boolean =>
  parts === 'entities' || (parts === 'rows' && mechanisms.every(({ kind }) => kind !== 'units'))

const cellAt = (row: readonly Cell[], column: number): Cell => sure(row[column], 'a cell')

const textOf = (cell: Cell): string | null =>
  cell === null || typeof cell === 'object' ? null : String(cell)

const gridOf = ({ keys }: NoiseStage): readonly (readonly (string | null)[])[] =>
  keys.reduce<readonly (readonly (string | null)[])[]>(
    (cells, { values = [], nullable }) => {
      const all = nullable ? [...values, null] : values
      return cells.flatMap((cell) => all.map((value) => [...cell, value]))
    },
    [[]],
  )

const columnsOf = ({ keys, figures }: NoiseStage): ProtectedTable['columns'] => [
  ...keys.map(({ type }) => ({ type, figure: false })),
  ...figures.map(({ type }) => ({ type, figure: true })),
]

type Figure = { readonly value: string | number; readonly sd: number }
const figureIn = (cell: Cell): Figure | undefined => {
  if (cell === null || typeof cell !== 'object' || !('value' in cell)) return undefined
  const { value, sd } = cell
  return (typeof value === 'number' || typeof value === 'string') && sd !== undefined
    ? { value, sd }
    : undefined
}

const sumOf = (cells: readonly Cell[], { scale }: Mechanism): Cell | undefined => {
  const figures = cells.map(figureIn)
  const [only, more] = cells
  if (figures.includes(undefined) || only === undefined) return undefined
  if (more === undefined) return only
  const all = figures.filter((figure) => figure !== undefined)
  const units = all.map(({ value }) => unitsOf(String(value), scale))
  if (units.includes(undefined)) return undefined
  const sum = units.reduce<bigint>((total, each) => total + sure(each, 'units'), 0n)
  const sd = Math.sqrt(all.reduce((total, figure) => total + figure.sd ** 2, 0))
  const unit = 10 ** -scale
  const value = numberCell(decimalText(sum, scale))
  const width = z95 * sd + unit
  return { value, sd, low: Number(value) - width, high: Number(value) + width }
}

/** Whole units of 10^-scale of a number as answers write it; numbers of many digits are texts in plain notation. */
const unitsOf = (text: string, scale: number): bigint | undefined => {
  const found = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)
  if (found === null) return undefined
  const [, sign = '', whole = '', part = ''] = found
  if (part.length > Math.max(0, scale)) return undefined
  const digits = BigInt(whole + part.padEnd(Math.max(0, scale), '0')) * (sign === '-' ? -1n : 1n)
  return scale < 0 ? digits / 10n ** BigInt(-scale) : digits
}

const isAsGood = (rows: readonly (readonly Cell[])[], { kept, figures }: Matched): boolean =>
  rows.every((row) =>
    figures.every(({ mechanism: { sigma2, scale } }, index) => {
      const { numerator, denominator } = sigma2
      const bought = standardDeviation(rational(BigInt(numerator), BigInt(denominator)))
      const sd = sure(figureIn(cellAt(row, kept.length + index)), 'a figure').sd
      return sd <= (bought / 10 ** scale) * (1 + 1e-9)
    }),
  )
