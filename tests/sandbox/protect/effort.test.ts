import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stepsMax, stepsOf } from '../../../policies/query/effort.ts'
import type { NoiseStage } from '../../../policies/query/plan.ts'
import type { Sampler } from '../../../sandbox/protect/noise.ts'
import { protectNoise } from '../../../sandbox/protect/noise.ts'
import { openDuck } from '../../support/duck.ts'
import { answersIn } from '../../support/gate.ts'
import { fillTown, planOf, refusalsOf, townPolicy } from '../../support/town.ts'

/*
 * What a run is paid for it must be able to finish. How much noise a question takes is known before, from text and policy
 * alone: it is counted here as it is drawn.
 */
const wide = (gridMax: number) => ({
  policy: { ...townPolicy, question: { ...townPolicy.question, gridMax, rho: 0.1 } },
  rhoNano: 100_000_000,
})

let duck: Awaited<ReturnType<typeof openDuck>>
beforeAll(async () => {
  duck = await openDuck()
  await fillTown(duck, {})
})
afterAll(() => duck.close())

const list = (length: number, one: (index: number) => string): string =>
  Array.from({ length }, (_, index) => one(index)).join(', ')
const sums = (length: number): string =>
  list(length, (index) => `sum(capital) filter (where staff > ${index})`)
const quantiles = (length: number): string =>
  list(length, (index) => `quantile_cont(capital, ${(index + 1) / 100})`)

/** Questions of more and more figures, groups or groupings. */
const growing: Readonly<Record<string, readonly [number, readonly string[]]>> = {
  'figures of a wide grid': [
    100_000,
    [4, 8, 10, 12].map(
      (length) =>
        `select district, founded, ${sums(length)} from enterprise group by district, founded`,
    ),
  ],
  'quantiles that share a tree': [
    10_000,
    [4, 16, 60].map(
      (length) => `select founded, ${quantiles(length)} from enterprise group by founded`,
    ),
  ],
  'groupings with trees': [
    100_000,
    ['founded', 'cube (district, founded)', 'cube (district, listed, founded)'].map(
      (groups) => `select ${quantiles(3)} from enterprise group by ${groups}`,
    ),
  ],
  'groups that are not public': [
    40_000,
    [2, 6, 12].map(
      (length) => `select industry, ${sums(length)} from enterprise group by industry`,
    ),
  ],
}

/** Numbers that are drawn for a question, and values that are handed on. */
const madeFor = async (sql: string, gridMax: number) => {
  const made = { drawn: 0, values: 0 }
  const sampler: Sampler = () => () => {
    made.drawn += 1
    return 0n
  }
  const stages = (await planOf(sql, wide(gridMax))).stages as readonly NoiseStage[]
  for (const stage of stages) {
    const { rows } = protectNoise(stage, await answersIn(stage, duck), sampler)
    made.values += rows.length * (stage.keys.length + 4 * stage.figures.length)
  }
  const steps = stages.reduce(
    (sum, stage) => sum + stepsOf({ ...stage, drafts: stage.mechanisms }, gridMax),
    0,
  )
  return { ...made, steps }
}

describe('noise for all cells of an answer', () => {
  test.each(Object.entries(growing))('is bounded: %s', async (_, [gridMax, texts]) => {
    const refused: boolean[] = []
    for (const sql of texts) {
      const codes = (await refusalsOf(sql, wide(gridMax))).map(({ code }) => code)
      expect(codes.filter((code) => code !== 'query/too-many-steps')).toEqual([])
      refused.push(codes.length > 0)
    }
    expect(refused[0]).toBe(false)
    expect(refused.at(-1)).toBe(true)
    const { drawn, values, steps } = await madeFor(texts[refused.lastIndexOf(false)]!, gridMax)
    expect(steps).toBeLessThanOrEqual(stepsMax)
    expect(drawn + 4 * values).toBeLessThanOrEqual(steps)
  })

  test('is known to the draw, and refused where the largest grouping stands', async () => {
    const sql = `select district, founded, count(*), median(staff) from enterprise group by district, founded`
    const { drawn, values, steps } = await madeFor(sql, 100_000)
    const [stage] = (await planOf(sql, wide(100_000))).stages as readonly NoiseStage[]
    const cells = 3 * 7671
    const { leaves } = stage!.mechanisms.find(({ tree }) => tree)!.tree!
    expect({ drawn: drawn + cells * leaves, values }).toEqual({
      drawn: steps - 4 * values,
      values: cells * 10,
    })
    const [before, largest] = [
      'select a.n, b.* from (select count(*) n from enterprise) a, (',
      `select district, founded, ${sums(20)} from enterprise group by district, founded) b`,
    ]
    const [refusal] = await refusalsOf(before + largest, wide(100_000))
    expect(refusal?.code).toBe('query/too-many-steps')
    expect(refusal?.at?.column).toBeGreaterThan(before.length)
  })

  test('is drawn of a group that does not appear for its number of entities alone', async () => {
    const [stage] = (
      await planOf(`select industry, ${sums(6)} from enterprise group by industry`, wide(500))
    ).stages as readonly NoiseStage[]
    let drawn = 0
    const sampler: Sampler = () => () => {
      drawn += 1
      return 0n
    }
    const row = ['food', ...Array.from({ length: 20 }, () => 1n)]
    expect(protectNoise(stage!, [[row]], sampler).rows).toEqual([])
    expect(drawn).toBe(1)
  })
})
