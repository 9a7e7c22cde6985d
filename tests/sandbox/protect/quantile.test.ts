import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { branching, levelsFor } from '../../../policies/query/quantile.ts'
import type { NoiseStage } from '../../../policies/query/plan.ts'
import { byteReader } from '../../../sandbox/noise/bytes.ts'
import { discreteGaussian } from '../../../sandbox/noise/gaussian.ts'
import type { Sampler } from '../../../sandbox/protect/noise.ts'
import { openDuck } from '../../support/duck.ts'
import { protectWith, valuesIn } from '../../support/gate.ts'
import { seededBytes } from '../../support/seeded.ts'
import { fillTown, planOf, townPolicy } from '../../support/town.ts'

let duck: Awaited<ReturnType<typeof openDuck>>
const many = 900
const places = ['east', 'east', 'west']

beforeAll(async () => {
  duck = await openDuck()
  await fillTown(duck, {
    enterprise: Array.from({ length: many }, (_, index) => [
      String(index + 1),
      places[index % 3]!,
      'food',
      index % 11 === 0 ? null : `${(index * 37) % 1100}.25`,
      '2010-05-01',
      String((index * 7) % 90),
      null,
    ]),
    tax: Array.from({ length: 40 }, (_, index) => [
      String(1 + (index % 2)),
      `2024-01-${String(1 + (index >> 1)).padStart(2, '0')}`,
      'vat',
      '5.00',
      index % 2 === 0 ? '80' : '3',
    ]),
  })
})
afterAll(() => duck.close())

const stageOf = async (sql: string): Promise<NoiseStage> => {
  const [stage] = (await planOf(sql)).stages
  if (stage?.kind !== 'noise') throw new Error('no noise stage')
  return stage
}
type Shown = { readonly value: number; readonly low: number; readonly high: number }

const fractions = [0, 0.1, 0.25, 0.5, 0.75, 0.9, 1]
const listOf = (name: string, value: string): string =>
  fractions.map((fraction) => `${name}(${value}, ${fraction})`).join(', ')

describe('without noise a quantile', () => {
  test.each(['quantile_disc', 'quantile_cont'])(
    'of few values (%s) is the engine’s, to the leaf of a value',
    async (name) => {
      const sql = `select ${listOf(name, 'staff')} from enterprise where staff < 400`
      const [have] = valuesIn(await protectWith(await planOf(sql), duck))
      const [want] = await duck.rows(sql)
      for (const [index, value] of have!.entries())
        expect(Math.abs(Number(value) - Number(want![index]))).toBeLessThanOrEqual(1)
    },
  )

  test('of many values is the engine’s, to a leaf of the grid', async () => {
    const cut = 'case when capital > 1000 then 1000 when capital < 0 then 0 else capital end'
    const sql = `select district, ${listOf('quantile_cont', cut)} from enterprise where district <> 'north' group by district`
    const have = valuesIn(await protectWith(await planOf(sql), duck))
    const want = new Map((await duck.rows(sql)).map(([district, ...rest]) => [district, rest]))
    for (const [district, ...rest] of have)
      for (const [index, value] of rest.entries())
        expect(
          Math.abs(Number(value) - Number(want.get(String(district))?.[index] ?? value)),
        ).toBeLessThan(1000 / 1000 + 5)
  })

  test('counts of one entity no more rows than it may have', async () => {
    // Two enterprises of twenty rows each: four of each count, so the median lies between their values.
    const [row] = valuesIn(
      await protectWith(
        await planOf(
          'select quantile_disc(late_days, 0.4), quantile_disc(late_days, 0.6) from tax',
        ),
        duck,
      ),
    )
    expect(row).toEqual([3, 80])
    const stage = await stageOf('select median(late_days) from tax')
    expect(stage.mechanisms).toHaveLength(1)
    expect(stage.mechanisms[0]).toMatchObject({
      kind: 'tree',
      high: '4',
      sensitivity: [{ kind: 'enterprise', squared: '16' }],
    })
  })
})

test('several quantiles of one value share one tree, whose levels share the cost of one figure', async () => {
  const plan = await planOf(`select ${listOf('quantile_cont', 'staff')}, count(*) from enterprise`)
  const [stage] = plan.stages as [NoiseStage]
  expect(stage.mechanisms.map(({ kind }) => kind)).toEqual(['tree', 'rows'])
  expect(plan.cost[0]!.rhoNano).toBeLessThanOrEqual(10_000_000)
  expect(plan.cost[0]!.rhoNano).toBeGreaterThan(9_990_000)
  const [tree, rows] = stage.mechanisms.map(
    ({ sigma2 }) => Number(sigma2.numerator) / Number(sigma2.denominator),
  )
  expect(tree! / rows!).toBeCloseTo(stage.mechanisms[0]!.tree!.levels, 2)
})

test('a tree is as deep as half a million nodes in all cells allow', () => {
  expect(levelsFor(1, 1)).toBe(6)
  expect(levelsFor(500, 1)).toBe(4)
  for (const cells of [1, 10, 100, 500, 5000])
    for (const trees of [1, 2, 5]) {
      const levels = levelsFor(cells, trees)
      const nodes = (branching ** (levels + 1) - branching) / (branching - 1)
      expect(levels === 1 || nodes * cells * trees <= 2 ** 19).toBe(true)
    }
})

test('its interval holds the quantile of the data about as often as it says, and is not everything', async () => {
  const runs = 60
  const sql = `select ${listOf('quantile_cont', 'staff')} from enterprise`
  const stage = await planOf(sql, {
    policy: { ...townPolicy, question: { ...townPolicy.question, rhoMax: 1 } },
    rhoNano: 200_000_000,
  })
  const [want] = await duck.rows(sql)
  let [missed, wide] = [0, 0]
  for (let run = 0; run < runs; run += 1) {
    const bytes = byteReader(seededBytes(`quantile ${run}`))
    const sampler: Sampler = (sigmaSquared) => discreteGaussian(sigmaSquared, bytes)
    const [row] = (await protectWith(stage, duck, sampler)).rows as unknown as Shown[][]
    for (const [index, { value, low, high }] of row!.entries()) {
      expect(low <= value && value <= high).toBe(true)
      const truth = Number(want![index])
      if (truth < low || truth > high) missed += 1
      // Beyond all rows nothing tells how far the last of them is.
      if (fractions[index]! > 0 && fractions[index]! < 1) wide += high - low
    }
  }
  const shown = runs * fractions.length
  expect(missed / shown).toBeLessThan(0.06)
  expect(wide / shown).toBeLessThan(10)
  expect(wide / shown).toBeGreaterThan(1)
})
