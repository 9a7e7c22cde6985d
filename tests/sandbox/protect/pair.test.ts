import { afterAll, beforeAll, expect, test } from 'vitest'
import { byteReader } from '../../../sandbox/noise/bytes.ts'
import { discreteGaussian } from '../../../sandbox/noise/gaussian.ts'
import type { Sampler } from '../../../sandbox/protect/noise.ts'
import { openDuck } from '../../support/duck.ts'
import { protectWith } from '../../support/gate.ts'
import { seededBytes } from '../../support/seeded.ts'
import { fillTown, planOf } from '../../support/town.ts'

let duck: Awaited<ReturnType<typeof openDuck>>
beforeAll(async () => {
  duck = await openDuck()
  await fillTown(duck, {
    enterprise: Array.from({ length: 4000 }, (_, index) => [
      String(index + 1),
      'east',
      'food',
      `${((index * 7) % 500) + ((index * 13) % 400)}.50`,
      '2010-05-01',
      String((index * 7) % 500),
      null,
    ]),
  })
})
afterAll(() => duck.close())

const measures = [
  'corr(capital, staff)',
  'covar_pop(capital, staff)',
  'covar_samp(capital, staff)',
  'regr_slope(capital, staff)',
  'regr_intercept(capital, staff)',
  'regr_r2(capital, staff)',
  'regr_sxy(capital, staff)',
  'regr_sxx(capital, staff)',
  'regr_avgy(capital, staff)',
]
const sql = `select ${measures.join(', ')} from enterprise`
const sampler = (name: string): Sampler => {
  const bytes = byteReader(seededBytes(name))
  return (sigmaSquared) => discreteGaussian(sigmaSquared, bytes)
}
type Shown = { readonly value: number | null; readonly low?: number; readonly high?: number }

test('what is made of noisy moments lies in its interval, and the truth does at least as often as it says', async () => {
  const plan = await planOf(sql, { rhoNano: 100_000_000 })
  const [truths] = await duck.rows(sql)
  let missed = 0
  const runs = 40
  for (let run = 0; run < runs; run += 1) {
    const [row] = (await protectWith(plan, duck, sampler(`pair ${run}`)))
      .rows as unknown as Shown[][]
    for (const [index, { value, low, high }] of row!.entries()) {
      if (value === null) continue
      expect(low! <= value && value <= high!, measures[index]).toBe(true)
      if (Number(truths![index]) < low! || Number(truths![index]) > high!) missed += 1
    }
    // Enough is known of the slope here to have an interval, and it tells the slope from nothing.
    expect(row![3]).toMatchObject({ value: expect.any(Number) as number })
    expect(row![3]!.low).toBeGreaterThan(0)
  }
  expect(missed / (runs * measures.length)).toBeLessThan(0.05)
})

test('a slope of what might not vary at all is not known', async () => {
  const few = 'select regr_slope(capital, staff) from enterprise where staff = 7'
  const [row] = (await protectWith(await planOf(few), duck, sampler('flat')))
    .rows as unknown as Shown[][]
  expect(row![0]).toEqual({ value: null })
})
