import { typeOf, type Expr } from '../expression.ts'
import { isInteger, isNumeric, type DataType } from '../type.ts'

/**
 * A permitted scalar function. `takes` lists its signatures: families of argument types separated by spaces, `...`
 * after the last where it repeats. `literals` are positions of arguments that must be literals: what they mean is
 * then decided before any row is seen. `total` writes a call in terms of the engine's own functions so that no value
 * of an argument can make it fail, or grow beyond the bounds in `text.ts`.
 */
export type ScalarFunction = {
  readonly name: string
  readonly takes: readonly string[]
  readonly literals?: readonly number[]
  /** What is wrong with these arguments beyond their types, as a refusal's parameter; undefined: nothing. */
  readonly problem?: (args: readonly Expr[]) => 'growth' | 'argument' | undefined
  readonly total: (args: readonly Expr[], type: DataType) => Expr
}

/**
 * A permitted aggregate function. use: `measure` may stand at the barrier, where only `protect` computes it; `feature`
 * reveals single rows, so it is computed per entity below the barrier or over public rows, and never at the barrier.
 * `total` rewrites the arguments so that no value makes the engine's aggregate fail.
 */
export type AggregateFunction = {
  readonly name: string
  readonly use: 'measure' | 'feature'
  readonly takes: readonly string[]
  readonly literals?: readonly number[]
  readonly problem?: (args: readonly Expr[]) => 'growth' | 'argument' | undefined
  readonly total: (args: readonly Expr[]) => readonly Expr[]
}

const families = {
  integer: isInteger,
  decimal: (type: DataType) => type.id === 'DECIMAL',
  exact: (type: DataType) => isInteger(type) || type.id === 'DECIMAL',
  double: (type: DataType) => type.id === 'DOUBLE',
  number: isNumeric,
  text: (type: DataType) => type.id === 'VARCHAR',
  date: (type: DataType) => type.id === 'DATE',
  timestamp: (type: DataType) => type.id === 'TIMESTAMP',
  moment: (type: DataType) => type.id === 'DATE' || type.id === 'TIMESTAMP',
  interval: (type: DataType) => type.id === 'INTERVAL',
  boolean: (type: DataType) => type.id === 'BOOLEAN',
  value: (type: DataType) => type.id !== 'INTERVAL' && type.id !== 'NULL',
} satisfies Record<string, (type: DataType) => boolean>

type Family = keyof typeof families

/** Whether the types of the arguments fit one of the signatures. */
export const takesTypes = (takes: readonly string[], args: readonly Expr[]): boolean =>
  takes.some((signature) => {
    const names = signature.split(' ').filter((name) => name !== '') as (Family | '...')[]
    const repeats = names.at(-1) === '...'
    const wanted = (repeats ? names.slice(0, -1) : names) as Family[]
    const fits = repeats ? args.length >= wanted.length : args.length === wanted.length
    return (
      fits &&
      args.every((arg, position) =>
        families[wanted[Math.min(position, wanted.length - 1)] as Family](typeOf(arg)),
      )
    )
  })
