import { afterAll, beforeAll, expect, test } from 'vitest'
import { cityDocuments } from '../../connectors/city/documents.ts'
import type { SubmissionView } from '../../sandbox/door.ts'
import { need } from '../support/domain.ts'
import { openInside, type Inside } from '../support/inside.ts'

let inside: Inside
beforeAll(async () => {
  inside = await openInside()
})
afterAll(() => inside.close())

const byDistrict = 'select district, count(*) as n from ent_registry group by district'
const total = 'select count(*) as firms from ent_registry'

const fetched = async (key: string, id: string) => {
  const { record, result } = need(await inside.call(key, 'result/fetch', { id }))
  const of = typeof result === 'string' ? result : JSON.stringify(result)
  return { record: JSON.parse(record) as Record<string, unknown>, result: of }
}
const lastEntry = (id: string): unknown =>
  JSON.parse(
    String(
      inside.domain.state.reader.get(
        "SELECT body FROM entries WHERE subject_id = ? AND body ->> '$.event' = 'submission/reused'",
        id,
      )?.['body'] ?? '{}',
    ),
  )

test('a question that an earlier release holds is answered from it, free, and says so', async () => {
  const { bank } = inside.keys
  expect(await inside.ask({ sql: total, rho: 0 })).toMatchObject({
    state: 'refused',
    refusals: [{ code: 'budget/nothing-released' }],
    cost: [],
  })
  const first = await inside.ask({ sql: byDistrict })
  expect(first.state).toBe('released')
  expect(first.cost.length).toBeGreaterThan(0)
  const checked = need(
    await inside.call(bank, 'submission/check', {
      kind: 'query',
      agreement: first.submission.agreement,
      sql: total,
      rho: 0,
    }),
  )
  expect(checked).toMatchObject({ accepted: true, reuse: true, cost: [] })
  const later = await inside.ask({ sql: total, rho: 0 })
  expect(later).toMatchObject({ state: 'released', cost: [] })
  const { record, result } = await fetched(bank, later.id)
  expect(record).toMatchObject({
    derivedFrom: { submission: first.id, result: first.digest },
    cost: [],
  })
  expect(record['cube']).toBeUndefined()
  expect(result).toContain('from-release')
  expect(result).toContain(first.id)
  expect(lastEntry(later.id)).toMatchObject({ detail: { source: first.id } })
  // What is paid for is asked anew: the sum of all cells has more noise than it would buy.
  const paid: SubmissionView = await inside.ask({ sql: total })
  expect(paid.cost.length).toBeGreaterThan(0)
})

test('nobody is answered from what another organisation or agreement was released', async () => {
  const { operator, otherBank, bank } = inside.keys
  const sign = async (change: (text: string) => string): Promise<void> => {
    need(await inside.call(operator, 'agreement/sign', { text: change(cityDocuments().agreement) }))
  }
  await inside.ask({ sql: byDistrict })
  await sign((text) =>
    text
      .replace('agreement: bank-a', 'agreement: theirs')
      .replace('organisation: bank-a', 'organisation: bank-b'),
  )
  await sign((text) => text.replace('agreement: bank-a', 'agreement: another'))
  const asks = [
    [otherBank, 'theirs'],
    [bank, 'another'],
  ] as const
  for (const [key, agreement] of asks) {
    const submission = {
      kind: 'query' as const,
      agreement,
      sql: 'select count(*) as all_of_them from ent_registry',
      rho: 0,
    }
    const view = need(await inside.call(key, 'submission/create', { submission, waitMs: 10_000 }))
    expect(view).toMatchObject({
      state: 'refused',
      refusals: [{ code: 'budget/nothing-released' }],
    })
  }
})

test('nothing is answered from what was released of other data', async () => {
  const refused = { state: 'refused', refusals: [{ code: 'budget/nothing-released' }] }
  const sqlOf = (name: string): string => `select count(*) as ${name} from ent_registry`
  await inside.ask({ sql: byDistrict })
  expect(await inside.ask({ sql: sqlOf('before'), rho: 0 })).toMatchObject({ state: 'released' })
  const ingested = { dataset: 'ent_registry', policy: 'enterprise-credit' }
  need(await inside.call(inside.keys.operator, 'dataset/ingest', ingested))
  expect(await inside.ask({ sql: sqlOf('of_other_data'), rho: 0 })).toMatchObject(refused)
})
