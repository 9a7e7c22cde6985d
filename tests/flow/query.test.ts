import { afterAll, beforeAll, expect, test } from 'vitest'
import { agreementName, need } from '../support/domain.ts'
import { openInside, type Inside } from '../support/inside.ts'

let domain: Inside
beforeAll(async () => {
  domain = await openInside()
})
afterAll(() => domain.close())

const districts =
  'select district, count(*) as n from ent_registry group by district order by district'

test('an honest question is answered with noise and intervals, and its release is proven by the log', async () => {
  const view = await domain.ask({ sql: districts })
  expect(view).toMatchObject({ state: 'released', refusals: [] })
  const release = need(await domain.call(domain.keys.bank, 'result/fetch', { id: view.id }))
  expect(release.result.rows).toHaveLength(16)
  expect(release.result.rows[0]).toEqual([
    '890101',
    {
      value: expect.any(Number),
      sd: expect.any(Number),
      low: expect.any(Number),
      high: expect.any(Number),
    },
  ])
  expect(JSON.parse(release.inclusion.entry)).toMatchObject({
    event: 'result/released',
    detail: { digest: release.digest },
  })
})

test('an equal question gets the same bytes and costs nothing', async () => {
  const first = await domain.ask({ sql: districts })
  const again = await domain.ask({ sql: `${districts} -- once more` })
  expect(again).toMatchObject({ state: 'released', digest: first.digest, cost: [] })
})

const followed = 'select count(*) as n from ent_registry where registered_capital > 77'
test('a submission can be followed by the entries of the log about it, from any of them on', async () => {
  const submission = { kind: 'query' as const, agreement: agreementName, sql: followed }
  const { id } = need(await domain.call(domain.keys.bank, 'submission/create', { submission }))
  const told: { event: string; logIndex: number }[] = []
  for (let isOver = false; !isOver;) {
    const after = told.at(-1)?.logIndex
    const input = { id, waitMs: 30_000, ...(after !== undefined && { after }) }
    const watched = need(await domain.call(domain.keys.bank, 'submission/watch', input))
    told.push(...watched.events)
    isOver = watched.isOver
  }
  expect(told.map(({ event }) => event)).toEqual([
    'submission/received',
    'ledger/charged',
    'run/started',
    'result/protected',
    'result/released',
  ])
  const view = need(await domain.call(domain.keys.bank, 'submission/show', { id }))
  expect(told.at(-1)?.logIndex).toBe(view.logIndex)
  const theirs = await domain.call(domain.keys.otherBank, 'submission/watch', { id })
  expect(theirs).toMatchObject({ refusals: [{ code: 'access/not-found' }] })
  // What it cost is what is gone: the ledger of the agreement says the same.
  const { agreements } = need(await domain.call(domain.keys.bank, 'agreement/list', {}))
  const lines = agreements.find(({ agreement }) => agreement === agreementName)?.ledger ?? []
  for (const { kind, cost, left } of view.budget?.kinds ?? []) {
    expect(cost).toEqual(view.cost.find((each) => each.kind === kind)?.cost)
    const rests = lines
      .filter((line) => line.kind === kind)
      .map(({ limit, spent }) => limit.rho - spent.rho)
    expect(left.rho).toBeCloseTo(Math.min(...rests), 9)
  }
  expect(view.budget?.kinds).toHaveLength(2)
})

test('a question for rows is refused before anything is charged (S4-23b)', async () => {
  const view = await domain.ask({ sql: 'select district from ent_registry' })
  expect(view).toMatchObject({ state: 'refused', cost: [] })
  expect(view.refusals.map(({ code }) => code)).toContain('query/rows-released')
})

test('a submission of another organisation cannot be told from one that is not there', async () => {
  const { id } = await domain.ask({ sql: districts })
  const missing = '00000000-0000-4000-8000-000000000000'
  const theirs = await domain.call(domain.keys.otherBank, 'submission/show', { id, waitMs: 0 })
  const nobodys = await domain.call(domain.keys.otherBank, 'submission/show', {
    id: missing,
    waitMs: 0,
  })
  expect({ ...theirs, id: 0 }).toEqual({ ...nobodys, id: 0 })
})
