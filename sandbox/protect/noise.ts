import { gaussianQuantile, standardDeviation } from '../../policies/privacy/gaussian.ts'
import type { Rational } from '../../policies/privacy/rational.ts'
import type { ProtectedTable } from '../../policies/query/answer.ts'
import type { Mechanism, NoiseStage } from '../../policies/query/plan.ts'
import type { Cell } from '../../policies/result.ts'
import { gridOf, keyCell } from './cells.ts'
import { figureCell, type Noisy } from './figure.ts'
import type { Key } from './people-statement.ts'

/** One value of an answer of the engine: see `sandbox/run/engine.ts`. */
type RawValue = bigint | number | string | boolean | null
/** Prepares draws of noise with this variance. In production the exact discrete Gaussian over the system's randomness. */
export type Sampler = (sigmaSquared: Rational) => () => bigint

/**
 * Crosses the barrier at the noise door: exact integers for each group in, noisy figures out. On a public grid every cell
 * is answered, absent ones too, and what lies outside it is dropped. Otherwise groups are answered whose noisy number of
 * units reaches the threshold, in the order of their keys: the engine's order would show what is in its tables.
 */
export const protectNoise = (
  stage: NoiseStage,
  rows: readonly (readonly RawValue[])[],
  sampler: Sampler,
): ProtectedTable => {
  const noises = stage.mechanisms.map((mechanism) => noiseOf(mechanism, sampler))
  const exact = exactOf(stage, rows)
  const answered: Cell[][] = []
  for (const cell of stage.threshold ? groupsOf(exact) : gridOf(stage)) {
    const truth = exact.get(JSON.stringify(cell)) ?? stage.mechanisms.map(() => 0n)
    const noisy = noises.map(({ draw, ...noise }, index) => ({
      ...noise,
      units: (truth[index] ?? 0n) + draw(),
    }))
    if (!appears(stage, truth, noisy)) continue
    const keys = stage.keys.map(({ type }, index) => keyCell(cell[index] ?? null, type.id))
    answered.push([...keys, ...stage.figures.map((figure) => figureCell(figure, noisy))])
  }
  return { columns: columnsOf(stage), rows: answered }
}

const noiseOf = ({ sigma2, scale }: Mechanism, sampler: Sampler) => {
  const sigmaSquared = {
    numerator: BigInt(sigma2.numerator),
    denominator: BigInt(sigma2.denominator),
  }
  return {
    scale,
    sd: standardDeviation(sigmaSquared),
    /** Half of the width of an interval that holds the noise but for a chance of `miss`. */
    width: (miss: number) => gaussianQuantile(sigmaSquared, miss / 2) - 1n,
    draw: sampler(sigmaSquared),
  }
}

const appears = (
  { threshold }: NoiseStage,
  truth: readonly bigint[],
  noisy: readonly Noisy[],
): boolean => {
  if (threshold === undefined) return true
  // A group of rows that the filters leave out is no group: it may not appear by noise alone.
  if ((truth[threshold.mechanism] ?? 0n) <= 0n) return false
  return (noisy[threshold.mechanism]?.units ?? 0n) >= BigInt(threshold.least)
}

/** What the statement of a stage answered, as exact whole units of each mechanism, by the JSON of a group's keys. */
export const exactOf = (
  { keys, mechanisms }: NoiseStage,
  rows: readonly (readonly RawValue[])[],
): ReadonlyMap<string, readonly bigint[]> => {
  const width = keys.length
  const centred = mechanisms.filter(({ centre }) => centre !== undefined)
  const exact = (row: readonly RawValue[], mechanism: Mechanism, index: number): bigint => {
    const units = unitsOf(row[width + index] ?? null, mechanism)
    if (mechanism.centre === undefined) return units
    const count = row[width + mechanisms.length + centred.indexOf(mechanism)] ?? null
    return units - BigInt(mechanism.centre) * unitsOf(count, { scale: 0 })
  }
  return new Map(
    rows.map((row) => [
      JSON.stringify(row.slice(0, width).map((value) => (value === null ? null : String(value)))),
      mechanisms.map((mechanism, index) => exact(row, mechanism, index)),
    ]),
  )
}

/** The engine's exact sum in whole units. NULL is the sum of nothing. */
const unitsOf = (value: RawValue, { scale }: Pick<Mechanism, 'scale'>): bigint => {
  if (value === null) return 0n
  if (typeof value === 'bigint') return value
  const [, sign = '', whole = '', part = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(value)) ?? []
  if (whole === '' || (part !== '' && part.length !== scale))
    throw new Error('a sum in other units than planned')
  return BigInt(whole + part) * (sign === '-' ? -1n : 1n)
}

const groupsOf = (exact: ReadonlyMap<string, unknown>): readonly Key[] =>
  [...exact.keys()].sort().map((key) => JSON.parse(key) as Key)

const columnsOf = ({ keys, figures }: NoiseStage): ProtectedTable['columns'] => [
  ...keys.map(({ type }) => ({ type, figure: false })),
  ...figures.map(({ type }) => ({ type, figure: true })),
]
