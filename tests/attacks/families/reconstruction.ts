import type { NoiseStage } from '../../../policies/query/plan.ts'
import { rational } from '../../../policies/privacy/rational.ts'
import { protectNoise, type Sampler } from '../../../sandbox/protect/noise.ts'
import { gaussianLaw } from '../../sandbox/noise/law.ts'
import { attributeNames, cells, cellsPlan, stageOf, type Attribute } from '../../support/cells.ts'
import { valuesIn } from '../../support/gate.ts'
import type { Share } from '../../support/bound.ts'
import { leastSquares, type Equation } from '../solve.ts'
import {
  cellsWhere,
  conditions,
  gaussian,
  openFirms,
  silence,
  sizes,
  small,
  type Condition,
  type Firms,
  type Rows,
} from './cells.ts'
import { added, type Family } from './row.ts'

/*
 * An analyst asks everything that can be asked of 120 cells, adds it up, and names the size of each small cell. Measured
 * against whoever names the same size for all, and against the same attack on exact answers.
 */
export type Strategy = (
  firms: Firms,
  rhoNano: number,
) => Promise<(sampler: Sampler) => readonly Equation[]>

/** One count for each of 1,309 conditions, as many in one question as there may be. */
export const counts: Strategy = async (firms, rhoNano) => {
  const perQuestion = 60
  const asked: { some: readonly Condition[]; stage: NoiseStage; rows: Rows }[] = []
  for (let from = 0; from < conditions.length; from += perQuestion) {
    const some = conditions.slice(from, from + perQuestion)
    const list = some.map(({ sql }) => `count(*) filter (where ${sql})`)
    const rho = Math.floor((rhoNano * some.length) / conditions.length)
    const stage = stageOf(await cellsPlan(`select ${list.join(', ')} from firm`, rho))
    asked.push({ some, stage, rows: await firms.exactRows(stage) })
  }
  return (sampler) =>
    asked.flatMap(({ some, stage, rows }) => {
      const [values = []] = valuesIn(protectNoise(stage, rows, sampler))
      return some.map(({ holds }, index) => ({
        cells: cellsWhere(holds),
        answer: Number(values[index]),
      }))
    })
}

/** One GROUP BY for each set of attributes: eight questions, and the same noise buys far more. */
export const groups: Strategy = async (firms, rhoNano) => {
  const asked: { names: readonly Attribute[]; stage: NoiseStage; rows: Rows }[] = []
  for (const bits of [0, 1, 2, 3, 4, 5, 6, 7]) {
    const names = attributeNames.filter((_, index) => (bits >> index) % 2 === 1)
    const keys = names.length === 0 ? '' : ` group by ${names.join(', ')}`
    const list = [...names, 'count(*)'].join(', ')
    const rho = Math.floor(rhoNano / 8)
    const stage = stageOf(await cellsPlan(`select ${list} from firm${keys}`, rho))
    asked.push({ names, stage, rows: await firms.exactRows(stage) })
  }
  return (sampler) =>
    asked.flatMap(({ names, stage, rows }) =>
      valuesIn(protectNoise(stage, rows, sampler)).map((row) => ({
        cells: cellsWhere((cell) => names.every((name, index) => cell[name] === row[index])),
        answer: Number(row.at(-1)),
      })),
    )
}

/** All of it on the one table in which every cell stands. */
export const cube: Strategy = async (firms, rhoNano) => {
  const names = attributeNames.join(', ')
  const plan = await cellsPlan(`select ${names}, count(*) from firm group by ${names}`, rhoNano)
  const stage = stageOf(plan)
  const rows = await firms.exactRows(stage)
  return (sampler) =>
    valuesIn(protectNoise(stage, rows, sampler)).map((row) => ({
      cells: cellsWhere((cell) => attributeNames.every((name, index) => cell[name] === row[index])),
      answer: Number(row.at(-1)),
    }))
}

/** In how many small cells a guess is exact, and in how many one off at most. */
export const successIn = (guesses: readonly number[]): { exact: Share; near: Share } => {
  const errors = small.map((index) =>
    Math.abs(Math.max(0, Math.round(guesses[index]!)) - sizes[index]!),
  )
  const share = (most: number): Share => ({
    right: errors.filter((error) => error <= most).length,
    of: small.length,
  })
  return { exact: share(0), near: share(1) }
}

/** Whoever names one size for every small cell. */
export const baseline = [1, 2, 3, 4, 5, 6, 7, 8, 9]
  .map((size) => successIn(sizes.map(() => size)))
  .reduce((best, one) => (one.exact.right > best.exact.right ? one : best))

/** Many times over all answers of one strategy, everything that was spent together being `rho`. */
export const reconstruct = async (
  firms: Firms,
  strategy: Strategy,
  { rho, trials }: { rho: number; trials: number },
): Promise<{ exact: Share; near: Share }> => {
  const ask = await strategy(firms, rho * 1e9)
  const found = Array.from({ length: trials }, (_, trial) =>
    successIn(leastSquares(ask(gaussian(`${rho} ${trial}`)), cells.length)),
  )
  return {
    exact: added(found.map(({ exact }) => exact)),
    near: added(found.map(({ near }) => near)),
  }
}

/**
 * How often the best analyst of all names the size of a small cell, who knows everybody outside of it and how frequent
 * each size is: all of rho on that cell alone is a discrete Gaussian of variance 1 / (2 rho), and Bayes's rule is best.
 */
export const bestNaming = (rho: number): number => {
  const law = gaussianLaw(rational(1_000_000n, BigInt(Math.round(2_000_000 * rho))))
  const prior = (size: number): number =>
    small.filter((index) => sizes[index] === size).length / small.length
  let right = 0
  for (let answer = -60; answer <= 70; answer += 1)
    right += Math.max(
      ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((size) => prior(size) * law(BigInt(answer - size))),
    )
  return right
}

const spent = 0.25

const familyOf =
  (
    family: string,
    what: string,
    strategy: Strategy,
    trials: Readonly<Record<string, number>>,
  ): Family =>
  async (size) => {
    const firms = await openFirms()
    const ask = await strategy(firms, 1e9)
    const answers = ask(silence)
    const { exact } = await reconstruct(firms, strategy, { rho: spent, trials: trials[size]! })
    firms.close()
    return {
      family,
      what,
      attempts: answers.length,
      refused: 0,
      released: answers.length,
      inferred: exact,
      baseline: baseline.exact.right / baseline.exact.of,
      bound: bestNaming(spent),
      boundBy: 'Bayes, rho 0.25',
      guardRemoved: successIn(leastSquares(answers, cells.length)).exact,
      guard: 'no noise',
    }
  }

export const fromCounts = familyOf(
  'linear reconstruction from counts',
  'least squares over 1,309 counts; sizes of 54 small cells',
  counts,
  { small: 1, long: 20 },
)
export const fromGroupings = familyOf(
  'linear reconstruction from groupings',
  'least squares over eight groupings; sizes of 54 small cells',
  groups,
  { small: 2, long: 100 },
)
export const fromCube = familyOf(
  'the finest cube alone',
  'all of a budget on one table; sizes of 54 small cells',
  cube,
  { small: 4, long: 200 },
)
