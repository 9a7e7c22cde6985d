import { gaussianQuantile, standardDeviation } from '../../policies/privacy/gaussian.ts'
import type { Rational } from '../../policies/privacy/rational.ts'
import type { ProtectedTable } from '../../policies/query/answer.ts'
import type { Figure, Mechanism, NoiseStage } from '../../policies/query/plan.ts'
import type { Cell } from '../../policies/result.ts'
import { sure } from '../../policies/sure.ts'
import { gridOf, keyCell } from './cells.ts'
import { figureCell } from './figure.ts'
import type { Noisy } from './noisy.ts'
import type { Key } from './people-statement.ts'
import { isScalar } from './statement.ts'
import { noisySplits, quantileCell, type Leaves } from './tree.ts'

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
  answers: readonly Answer[],
  sampler: Sampler,
): ProtectedTable => {
  const noises = stage.mechanisms.map((mechanism) => noiseOf(mechanism, sampler))
  const exact = exactOf(stage, answers)
  const leaves = leavesOf(stage, answers)
  const answered: Cell[][] = []
  for (const cell of stage.threshold ? groupsOf(exact) : gridOf(stage)) {
    const group = JSON.stringify(cell)
    const truth = exact.get(group) ?? []
    const noisyOf = (index: number): Noisy => {
      const { draw, ...noise } = sure(noises[index], 'a mechanism')
      return { ...noise, units: (truth[index] ?? 0n) + draw() }
    }
    const counted = stage.threshold && noisyOf(stage.threshold.mechanism)
    if (!appears(stage, truth, counted)) continue
    const noisy = stage.mechanisms.map(({ tree }, index) => {
      if (tree) return undefined
      return index === stage.threshold?.mechanism ? counted : noisyOf(index)
    })
    const trees = new Map(
      [...leaves].map(([index, groups]) => [
        index,
        treeOf(stage, index, groups.get(group), noises),
      ]),
    )
    const keys = stage.keys.map(({ type }, index) => keyCell(cell[index] ?? null, type.id))
    const figures = stage.figures.map(
      (figure) => trees.get(figure.parts[0] ?? -1)?.(figure) ?? figureCell(figure, noisy),
    )
    answered.push([...keys, ...figures])
  }
  return { columns: columnsOf(stage), rows: answered }
}

/** The noisy tree of one group, as a way to make figures of it. */
const treeOf = (
  { mechanisms }: NoiseStage,
  index: number,
  leaves: Leaves | undefined,
  noises: readonly ReturnType<typeof noiseOf>[],
): ((figure: Figure) => Cell) => {
  const [mechanism, noise] = [mechanisms[index], noises[index]]
  if (mechanism?.tree === undefined || noise === undefined) throw new Error('a tree without noise')
  const { tree, scale } = mechanism
  const splits = noisySplits(tree, leaves ?? new Map<number, bigint>(), noise.draw)
  return (figure) => quantileCell(figure, { scale, tree }, splits, noise.sd)
}

const noiseOf = ({ sigma2, scale }: Mechanism, sampler: Sampler) => {
  const sigmaSquared = {
    numerator: BigInt(sigma2.numerator),
    denominator: BigInt(sigma2.denominator),
  }
  // A width takes up to a millisecond, a draw less than one in a thousand of that.
  const widths = new Map<number, bigint>()
  const width = (miss: number): bigint => {
    const known = widths.get(miss) ?? gaussianQuantile(sigmaSquared, miss / 2) - 1n
    widths.set(miss, known)
    return known
  }
  return {
    scale,
    sd: standardDeviation(sigmaSquared),
    /** Half of the width of an interval that holds the noise but for a chance of `miss`. */
    width,
    draw: sampler(sigmaSquared),
  }
}

const appears = (
  { threshold }: NoiseStage,
  truth: readonly bigint[],
  counted: Noisy | undefined,
): boolean => {
  if (threshold === undefined) return true
  // A group of rows that the filters leave out is no group: it may not appear by noise alone.
  if ((truth[threshold.mechanism] ?? 0n) <= 0n) return false
  return (counted?.units ?? 0n) >= BigInt(threshold.least)
}

/** Rows of a statement's answer. */
export type Answer = readonly (readonly RawValue[])[]

const groupOf = (row: readonly RawValue[], width: number): string =>
  JSON.stringify(row.slice(0, width).map((value) => (value === null ? null : String(value))))

/** The answers of the mechanisms that have a statement each, by their position. */
const furtherOf = (
  { mechanisms }: NoiseStage,
  answers: readonly Answer[],
): readonly { readonly index: number; readonly rows: Answer }[] => {
  const others = mechanisms.flatMap((mechanism, index) => (isScalar(mechanism) ? [] : [index]))
  const before = others.length === mechanisms.length ? 0 : 1
  return others.map((index, place) => ({ index, rows: answers[before + place] ?? [] }))
}

/**
 * What the statements of a stage answered, as exact whole units of each mechanism, by the JSON of a group's keys; zero in
 * the place of a tree, whose rows are `leavesOf`.
 */
export const exactOf = (
  stage: NoiseStage,
  answers: readonly Answer[],
): ReadonlyMap<string, readonly bigint[]> => {
  const { mechanisms, keys } = stage
  const scalars = mechanisms.filter(isScalar)
  const found = new Map<string, bigint[]>()
  const at = (group: string): bigint[] => {
    const known = found.get(group) ?? mechanisms.map(() => 0n)
    found.set(group, known)
    return known
  }
  const first = scalarsOf({ ...stage, mechanisms: scalars }, answers[0] ?? [])
  if (scalars.length > 0)
    for (const [group, units] of first)
      for (const [place, mechanism] of scalars.entries())
        at(group)[mechanisms.indexOf(mechanism)] = units[place] ?? 0n
  for (const { index, rows } of furtherOf(stage, answers))
    if (mechanisms[index]?.kind === 'values')
      for (const row of rows)
        at(groupOf(row, keys.length))[index] = unitsOf(row[keys.length] ?? null, { scale: 0 })
  return found
}

/** Rows by leaf, for each group, for each tree by its position. */
export const leavesOf = (
  stage: NoiseStage,
  answers: readonly Answer[],
): ReadonlyMap<number, ReadonlyMap<string, Leaves>> => {
  const width = stage.keys.length
  const trees = furtherOf(stage, answers).filter(({ index }) => stage.mechanisms[index]?.tree)
  return new Map(
    trees.map(({ index, rows }) => {
      const groups = new Map<string, Map<number, bigint>>()
      for (const row of rows) {
        const leaf = row[width]
        if (leaf === null || leaf === undefined) continue
        const group = groupOf(row, width)
        const known = groups.get(group) ?? new Map<number, bigint>()
        known.set(Number(leaf), unitsOf(row[width + 1] ?? null, { scale: 0 }))
        groups.set(group, known)
      }
      return [index, groups]
    }),
  )
}

const scalarsOf = (
  { keys, mechanisms }: NoiseStage,
  rows: Answer,
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
      groupOf(row, width),
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
