import { afterAll, beforeAll, expect, test } from 'vitest'
import { datasetSchema } from '../../../policies/dataset.ts'
import { classesOf } from '../../../policies/grade.ts'
import { policySchema } from '../../../policies/policy.ts'
import { countClasses } from '../../../sandbox/domain/classes.ts'
import { openEngine, type Engine } from '../../../sandbox/run/engine.ts'

const title = { zh: '店', en: 'shop' }
const dataset = datasetSchema.parse({
  dataset: 'shop',
  title,
  department: title,
  entities: [{ kind: 'shop', column: 'licence' }],
  grain: ['licence'],
  columns: [
    { name: 'licence', type: 'text', class: 'identifier', level: 3 },
    { name: 'district', type: 'text', class: 'code', level: 1, nullable: true },
    { name: 'trade', type: 'text', class: 'code', level: 1 },
    { name: 'revenue', type: 'integer', class: 'amount', level: 3 },
  ],
})
const policyOf = (columns: object) =>
  policySchema.parse({
    policy: 'p',
    title,
    doors: ['noise'],
    kinds: { shop: { ledger: { rho: 1, delta: 1e-6 } } },
    question: { rho: 0.01, rhoMax: 0.1, delta: 1e-9 },
    datasets: { shop: { contribution: { rowsMax: 1, groupsMax: 1 }, columns } },
  })
const both = { district: { use: 'dimension' }, trade: { use: 'dimension' } }
const revenue = { revenue: { use: 'measure', clamp: [0, 9] } }

let engine: Engine
beforeAll(async () => {
  engine = await openEngine({ threads: 1, memoryMb: 256 })
  await engine.query(
    "CREATE TABLE shop AS SELECT CASE WHEN i < 5 THEN NULL ELSE 'd' || (i % 3) END AS district, 't' || (i % 2) AS trade, i AS revenue FROM range(60) t(i)",
  )
})
afterAll(() => engine.close())

test('rows alike in all dimensions are one class, those without a value too', async () => {
  // Of 60 shops in three districts and two trades, 5 have no district: 3 of one trade, 2 of the other.
  const sizes = [3, 2, 9, 9, 9, 9, 9, 10]
  const found = await countClasses(engine, 'shop', {
    dataset,
    policy: policyOf({ ...both, ...revenue }),
  })
  expect(found?.inverses).toBeCloseTo(classesOf(sizes).inverses, 12)
  expect({ ...found, inverses: 0 }).toEqual({ ...classesOf(sizes), inverses: 0 })
})

test('measures make no classes: without a dimension all are one', async () => {
  expect(await countClasses(engine, 'shop', { dataset, policy: policyOf(revenue) })).toMatchObject({
    classes: 1,
    smallest: 60,
  })
})

test('a table of several rows an entity, and a public one, have no classes of rows', async () => {
  const policy = policyOf(both)
  const monthly = { ...dataset, grain: ['licence', 'trade'] }
  expect(await countClasses(engine, 'shop', { dataset: monthly, policy })).toBeUndefined()
  const list = { ...dataset, entities: [], grain: ['trade'] }
  expect(await countClasses(engine, 'shop', { dataset: list, policy })).toBeUndefined()
})
