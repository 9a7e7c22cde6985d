import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDuck } from '../../support/duck.ts'
import { protectWith, valuesIn } from '../../support/gate.ts'
import { fillTown, planOf } from '../../support/town.ts'

let duck: Awaited<ReturnType<typeof openDuck>>

beforeAll(async () => {
  duck = await openDuck()
  await fillTown(duck, {
    enterprise: [
      ['1', 'east', 'food', '10.50', '2001-05-02', '3', 'true'],
      ['2', 'east', null, '2000.00', '2011-05-02', null, 'false'],
      ['3', 'west', 'steel', null, '2020-05-02', '7', null],
      ['4', 'elsewhere', 'steel', '1.00', '2020-05-02', '7', null],
    ],
    tax: [
      ['1', '2024-01-01', 'vat', '10.00', '1'],
      ['1', '2024-02-01', 'vat', '300.00', '2'],
      ['1', '2024-03-01', 'vat', null, null],
      ['2', '2024-01-01', 'income', '-60.00', '0'],
      ['2', '2024-01-01', 'vat', '5.00', '0'],
    ],
  })
})
afterAll(() => duck.close())

const answer = async (sql: string): Promise<unknown> =>
  valuesIn(await protectWith(await planOf(sql), duck))

test("every cell of a public grid is answered, and values beyond the policy's bounds are cut off", async () => {
  expect(
    await answer(
      'select district, count(*), sum(capital), count(staff) from enterprise group by district',
    ),
  ).toEqual([
    ['east', 2, 1010.5, 1],
    ['west', 1, 0, 1],
    ['north', 0, 0, 0],
  ])
})

test('rows of one unit are added up before they are cut off', async () => {
  expect(await answer('select kind, count(*), sum(amount) from tax group by kind')).toEqual([
    ['vat', 4, 215],
    ['income', 1, -50],
  ])
})

test('a filter narrows the grid, and a value that is missing is never a bound', async () => {
  expect(
    await answer(
      "select district, sum(capital) from enterprise where district in ('west', 'north') group by district",
    ),
  ).toEqual([
    ['west', 0],
    ['north', 0],
  ])
})

test('an average and a deviation come from noisy moments', async () => {
  expect(await answer('select avg(late_days), avg(amount) from tax')).toEqual([[0.75, 41.25]])
  const [[spread]] = (await answer('select stddev_pop(capital) from enterprise')) as [[number]]
  expect(spread).toBeCloseTo(468.71, 1)
})
