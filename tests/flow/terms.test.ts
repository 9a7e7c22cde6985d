import { afterAll, beforeAll, expect, test } from 'vitest'
import { agreementSchema } from '../../policies/agreement.ts'
import { parseDocument } from '../../policies/document.ts'
import { cityDocuments } from '../../connectors/city/documents.ts'
import { need, policyName } from '../support/domain.ts'
import { openInside, type Inside } from '../support/inside.ts'

let domain: Inside
beforeAll(async () => {
  domain = await openInside()
})
afterAll(() => domain.close())

const count = 'select count(*) as n from ent_registry'
const codesOf = (view: { refusals: readonly { code: string }[] }): string[] =>
  view.refusals.map(({ code }) => code)

/** Signs the city's agreement under another name with other terms; JSON is YAML. */
const sign = async (agreement: string, terms: object): Promise<void> => {
  const signed = need(parseDocument(cityDocuments().agreement, agreementSchema))
  const text = JSON.stringify({ ...signed, agreement, ...terms })
  need(await domain.call(domain.keys.operator, 'agreement/sign', { text }))
}

test('an agreement that has not begun or is over opens nothing', async () => {
  await sign('later', { from: '2099-01-01', until: '2099-12-31' })
  await sign('over', { from: '2020-01-01', until: '2020-12-31' })
  for (const agreement of ['later', 'over'])
    expect(codesOf(await domain.ask({ sql: count, agreement }))).toEqual([
      'submission/agreement-not-in-force',
    ])
})

test('a door that the agreement does not name stays shut', async () => {
  await sign('noise-only', { doors: ['noise'] })
  const view = await domain.ask({ sql: count, agreement: 'noise-only', door: 'people' })
  expect(codesOf(view)).toEqual(['submission/door-not-agreed'])
})

test('an agreement of another organisation and one that is not there look alike', async () => {
  await sign('theirs', { organisation: 'bank-b' })
  const [theirs, nobodys] = [
    await domain.ask({ sql: count, agreement: 'theirs' }),
    await domain.ask({ sql: count, agreement: 'nobodys' }),
  ]
  expect(codesOf(theirs)).toEqual(['access/not-found'])
  expect(theirs.refusals).toEqual(nobodys.refusals)
})

test('no question spends more than the policy lets one spend, nor a fraction of the smallest amount', async () => {
  expect(codesOf(await domain.ask({ sql: count, rho: 0.5 }))).toEqual(['budget/exceeds-question'])
  expect(codesOf(await domain.ask({ sql: count, rho: 0.001_000_000_4 }))).toEqual([
    'submission/malformed',
  ])
})

test('an agreement of one run runs once', async () => {
  await sign('once', { runsMax: 1 })
  expect(await domain.ask({ sql: count, agreement: 'once', rho: 0.001 })).toMatchObject({
    state: 'released',
  })
  const again = await domain.ask({ sql: count, agreement: 'once', rho: 0.002 })
  expect(codesOf(again)).toEqual(['submission/runs-exhausted'])
})

test('a dataset without data cannot be published again', async () => {
  const answer = await domain.call(domain.keys.operator, 'dataset/ingest', {
    dataset: 'court_case',
    policy: policyName,
  })
  expect(answer).toMatchObject({ ok: false, refusals: [{ code: 'source/no-raw-version' }] })
})
