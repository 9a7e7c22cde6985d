import { describe, expect, test } from 'vitest'
import type { NoiseStage } from '../../../policies/query/plan.ts'
import type { Cell } from '../../../policies/result.ts'
import { byteReader } from '../../../sandbox/noise/bytes.ts'
import { discreteGaussian } from '../../../sandbox/noise/gaussian.ts'
import { protectNoise, type Sampler } from '../../../sandbox/protect/noise.ts'
import { seededBytes } from '../../support/seeded.ts'
import { planOf } from '../../support/town.ts'

const stageOf = async (sql: string): Promise<NoiseStage> => {
  const [stage] = (await planOf(sql)).stages
  if (stage?.kind !== 'noise') throw new Error('no noise stage')
  return stage
}
const exact = (seed: string): Sampler => {
  const bytes = byteReader(seededBytes(seed))
  return (sigmaSquared) => discreteGaussian(sigmaSquared, bytes)
}
const figure = (cell: Cell | undefined): { value: number; low: number; high: number; sd: number } =>
  cell as never

describe('noise on every cell of a grid', () => {
  /** Variance of what empty cells show, over what the plan promises. */
  const ratioOf = (stage: NoiseStage, claimed: NoiseStage): number => {
    const draws = Array.from(
      { length: 12 },
      (_, run) => protectNoise(stage, [], exact(`run ${run}`)).rows,
    )
    const values = draws.flat().map((row) => figure(row[1]).value)
    const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length
    const { numerator, denominator } = claimed.mechanisms[0]!.sigma2
    return variance / (Number(numerator) / Number(denominator))
  }

  test('has the variance of the plan, and half of sigma would be seen', async () => {
    const stage = await stageOf('select period, count(distinct uscc) from tax group by period')
    expect(ratioOf(stage, stage)).toBeGreaterThan(0.9)
    expect(ratioOf(stage, stage)).toBeLessThan(1.1)
    const half = (one: NoiseStage['mechanisms'][number]) => ({
      ...one,
      sigma2: { ...one.sigma2, denominator: String(4n * BigInt(one.sigma2.denominator)) },
    })
    const weak = { ...stage, mechanisms: stage.mechanisms.map(half) }
    expect(ratioOf(weak, stage)).toBeLessThan(0.3)
  })

  test('lies within its 95 % interval about as often as that says, for counts and averages', async () => {
    const stage = await stageOf(
      'select period, count(distinct uscc), avg(late_days) from tax group by period',
    )
    // 400 rows of the value 30 in each cell: two units of noise against a known truth.
    const rows = stage.keys[0]!.values!.map((day) => [day, 400n, 400n, BigInt(400 * (30 - 45))])
    const answered = protectNoise(stage, [rows], exact('cover')).rows
    const misses = (column: number, truth: number): number =>
      answered.filter((row) => figure(row[column]).low > truth || figure(row[column]).high < truth)
        .length
    expect(misses(1, 400) / answered.length).toBeLessThan(0.09)
    expect(misses(1, 400)).toBeGreaterThan(0)
    expect(misses(2, 30) / answered.length).toBeLessThan(0.05)
  })
})

describe('groups that are not public', () => {
  const silent: Sampler = () => () => 0n

  test('appear where their noisy number of units reaches the threshold, in the order of their keys', async () => {
    const stage = await stageOf('select industry, count(*) from enterprise group by industry')
    const least = BigInt(stage.threshold!.least)
    const rows = [
      ['steel', 9n, least],
      ['food', 9n, least - 1n],
      [null, 9n, least + 5n],
      ['cars', 9n, least],
    ]
    const shown = protectNoise(stage, [rows], silent).rows.map(([key]) => key)
    expect(shown).toEqual(['cars', 'steel', null])
  })

  test('never appear by noise alone: a group that filters left empty is none', async () => {
    const stage = await stageOf(
      'select industry, count(*) from enterprise where staff > 5 group by industry',
    )
    const loud: Sampler = () => () => 1_000_000n
    expect(protectNoise(stage, [[['steel', 0n, 0n]]], loud).rows).toEqual([])
    expect(protectNoise(stage, [[['steel', 1n, 1n]]], loud).rows).toHaveLength(1)
  })

  test('have a threshold above the floor of every kind, times the units one entity may stand behind', async () => {
    const least = async (sql: string): Promise<number> =>
      Number((await stageOf(sql)).threshold!.least)
    const alone = await least('select distinct industry from enterprise')
    const owned = await least(
      'select distinct e.industry from enterprise e join owner o on e.uscc = o.uscc',
    )
    // sigma^2 = 50 by rho 0.01 and sensitivity 1; floor 5; delta 1e-9: 44 of the reference table, moved up by 4.
    expect(alone).toBe(48)
    expect(owned).toBeGreaterThan(3 * 3 + 44)
  })
})
