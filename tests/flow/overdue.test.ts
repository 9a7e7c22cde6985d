import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemWorld } from '../../sandbox/world.ts'
import { openAlone, type Alone } from '../support/alone.ts'
import { need, preparedHome, publishPolicy } from '../support/domain.ts'

/** A department that delivers every month, and stops. */
const title = '{ zh: 营收, en: sales }'
const datasetText = `dataset: sales
title: ${title}
department: ${title}
entities: [{ kind: shop, column: licence }]
grain: [licence, month]
update: { cycle: monthly, column: month }
columns:
  - { name: licence, type: text, class: identifier, level: 3 }
  - { name: month, type: date, class: code, level: 2 }
  - { name: sold, type: integer, class: amount, level: 2 }
`
const policyText = (floor: number): string => `policy: sales-open
title: ${title}
doors: [noise]
kinds: { shop: { floor: ${floor}, ledger: { rho: 1, delta: 1.0e-6 } } }
question: { rho: 0.05, rhoMax: 0.2, delta: 1.0e-8 }
datasets:
  sales:
    contribution: { rowsMax: 12, groupsMax: 12 }
    columns: { sold: { use: measure, clamp: [0, 20] } }
`

const dayMs = 86_400_000
/** Newest date of what is delivered first. */
const newestMs = Date.UTC(2026, 0, 1)
let prepared: Awaited<ReturnType<typeof preparedHome>>
let domain: Alone
let day = 40
const at = (): number => newestMs + day * dayMs

beforeAll(async () => {
  prepared = await preparedHome()
  writeFileSync(
    join(prepared.home, 'settings.json'),
    JSON.stringify({ clockBehindMs: 4_000_000_000_000 }),
  )
  domain = openAlone(prepared.home, prepared.keys, { ...systemWorld, nowMs: at })
  need(await domain.call(domain.keys.operator, 'dataset/register', { text: datasetText }))
  need(await publishPolicy(domain, policyText(3)))
})
afterAll(() => {
  domain.close()
  prepared.remove()
})

const ingest = async (mode: 'replace' | 'append', rows?: string): Promise<void> => {
  const input = { dataset: 'sales', policy: 'sales-open' }
  const file = rows === undefined ? {} : { file: 'sales.csv', mode }
  if (rows !== undefined)
    writeFileSync(join(prepared.home, 'inbox', 'sales.csv'), `licence,month,sold\n${rows}\n`)
  need(await domain.call(domain.keys.operator, 'dataset/ingest', { ...input, ...file }))
}
const status = async (as = domain.keys.operator) => need(await domain.call(as, 'domain/status', {}))
const freshness = async (as = domain.keys.operator) =>
  need(await domain.call(as, 'catalogue/list', {})).datasets.find(
    ({ dataset }) => dataset === 'sales',
  )?.freshness
const dateOf = (ms: number | undefined): string => new Date(ms ?? 0).toISOString().slice(0, 10)

test('what was never delivered has no day on which it is due', async () => {
  expect(await freshness()).toBeUndefined()
  expect((await status()).overdueDatasets).not.toContain('sales')
})

test('a monthly dataset is overdue two months after its newest date, and operator and supervisor see which (S2-08e)', async () => {
  await ingest('replace', `a,2025-12-01,3\na,${dateOf(newestMs)},4`)
  const due = (await freshness())?.dueMs ?? 0
  // The latest day anywhere is up to fourteen hours ahead.
  expect(Math.abs(due - (newestMs + 62 * dayMs))).toBeLessThanOrEqual(dayMs)
  expect((await status()).overdueDatasets).not.toContain('sales')
  const before = (await status()).overdue
  day = 64
  expect((await freshness())?.isOverdue).toBe(true)
  expect(await status()).toMatchObject({ overdue: before + 1 })
  expect((await status()).overdueDatasets).toContain('sales')
  expect((await status(domain.keys.supervisor)).overdueDatasets).toContain('sales')
  // Who does not see the catalogue is told how many.
  const told = await status(domain.keys.administrator)
  expect(told).toMatchObject({ overdue: before + 1 })
  expect(told).not.toHaveProperty('overdueDatasets')
  const shown = await domain.call(domain.keys.operator, 'dataset/show', { dataset: 'sales' })
  expect(need(shown).freshness?.isOverdue).toBe(true)
})

test('neither another policy nor an older month makes it newer, and a newer month does (S2-08e)', async () => {
  need(await publishPolicy(domain, policyText(4)))
  await ingest('replace')
  expect((await freshness())?.isOverdue).toBe(true)
  await ingest('append', 'b,2025-06-01,1')
  const due = (await freshness())?.dueMs ?? 0
  expect(Math.abs(due - (newestMs + 62 * dayMs))).toBeLessThanOrEqual(dayMs)
  await ingest('append', 'b,2026-02-01,1')
  expect((await freshness())?.isOverdue).toBe(false)
  expect((await status()).overdueDatasets).not.toContain('sales')
})

test('what is told of it stays with those who look after the domain', async () => {
  for (const as of [domain.keys.bank, domain.keys.reviewer])
    expect(JSON.stringify(need(await domain.call(as, 'catalogue/list', {})))).not.toMatch(
      /freshness|dueMs/,
    )
})
