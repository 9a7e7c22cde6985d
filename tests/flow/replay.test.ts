import { afterAll, beforeAll, expect, test } from 'vitest'
import { cityDocuments } from '../../connectors/city/documents.ts'
import type { Output } from '../../sandbox/door.ts'
import { need, openPrepared, publishPolicy, type TestDomain } from '../support/domain.ts'

let domain: TestDomain & { close: () => Promise<void> }
beforeAll(async () => {
  domain = await openPrepared()
  for (const [sql, more = {}] of asked) await domain.ask(sql, more)
})
afterAll(async () => domain.close())

const late = 'select sum(late_days) as late from tax_declaration'
const districts = 'select district, count(*) as n from ent_registry group by district'
const exact = 'select count(*) as n from ent_registry'
const hidden = 'select sum(amount) from court_case'
const asked: readonly (readonly [string, { readonly door?: 'people'; readonly rho?: number }?])[] =
  [
    [late],
    [late],
    [districts],
    [exact, { door: 'people' }],
    [hidden],
    ['select uscc from tax_declaration'],
  ]

const { policy } = cityDocuments()
const edited = (...changes: readonly (readonly [string, string])[]): string =>
  changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`no \`${from}\` in the policy`)
    return text.replace(from, to)
  }, policy)
const diff = async (text: string, replay = 100): Promise<Output<'policy/diff'>> =>
  need(await domain.call(domain.keys.operator, 'policy/diff', { text, replay }))
const changedOf = ({ replay }: Output<'policy/diff'>): Record<string, object> =>
  Object.fromEntries(replay.changed.map(({ text, ...rest }) => [text, rest]))

test('under the same text every past decision is the same', async () => {
  const found = await diff(policy)
  expect(found).toMatchObject({ policy: 'enterprise-credit', changes: [], agreements: [] })
  expect(found.from).toBe(found.to)
  expect(found.replay).toEqual({ submissions: 6, same: 6, undecided: 0, changed: [] })
})

test('a column that becomes hidden refuses the questions that read it, with code and place', async () => {
  const found = await diff(edited(['      late_days: { use: measure, clamp: [0, 30] }\n', '']))
  expect(found.changes).toMatchObject([{ change: 'column-hidden', effect: 'tighter' }])
  expect(found.agreements).toMatchObject([
    { agreement: 'bank-a', refusals: [{ code: 'source/unknown-name' }] },
  ])
  expect(found.replay).toMatchObject({ submissions: 6, same: 4 })
  expect(changedOf(found)).toEqual({
    [late]: {
      id: expect.any(String) as unknown,
      organisation: 'bank-a',
      door: 'noise',
      times: 2,
      before: {
        cost: [{ kind: 'enterprise', cost: { rho: expect.any(Number) as unknown, delta: 0 } }],
      },
      after: {
        refusals: [
          expect.objectContaining({ code: 'query/unknown-column', at: { line: 1, column: 12 } }),
        ],
      },
    },
  })
})

test('a closed door, a cheaper question and a lower limit are told by what they change', async () => {
  const found = await diff(
    edited(
      ['doors: [noise, people]', 'doors: [noise]'],
      ['question: { rho: 0.005', 'question: { rho: 0.002'],
    ),
  )
  const changed = changedOf(found)
  expect(changed[exact]).toMatchObject({
    door: 'people',
    before: { cost: [] },
    after: { refusals: [{ code: 'submission/door-not-agreed' }] },
  })
  expect(changed[districts]).toMatchObject({
    before: { cost: [{ kind: 'enterprise' }, { kind: 'person', cost: { rho: 0.005 } }] },
    after: { cost: [{ kind: 'enterprise' }, { kind: 'person', cost: { rho: 0.002 } }] },
  })
  expect(found.replay.same).toBe(2)
})

test('what was refused and would be allowed is told too', async () => {
  const closed = edited(['doors: [noise, people]', 'doors: [noise]'])
  need(await publishPolicy(domain, closed))
  try {
    const found = await diff(policy)
    expect(changedOf(found)).toMatchObject({
      [exact]: {
        before: { refusals: [{ code: 'submission/door-not-agreed' }] },
        after: { cost: [] },
      },
    })
  } finally {
    need(await publishPolicy(domain, policy))
  }
})

test('a replay changes nothing and charges nothing', async () => {
  const before = need(await domain.call(domain.keys.supervisor, 'domain/status', {})).logSize
  await diff(policy)
  const after = need(await domain.call(domain.keys.supervisor, 'domain/status', {})).logSize
  expect(after).toBe(before)
})

test('the newest submissions are replayed, as many as asked for', async () => {
  expect((await diff(policy, 2)).replay).toMatchObject({ submissions: 2, same: 2 })
  expect((await diff(policy, 0)).replay).toMatchObject({ submissions: 0 })
})

test('a supervisor may compare, an analyst and a reviewer may not, a wrong text is refused at its place', async () => {
  const call = (as: string, text = policy) => domain.call(as, 'policy/diff', { text, replay: 0 })
  expect((await call(domain.keys.supervisor)).ok).toBe(true)
  for (const key of [domain.keys.bank, domain.keys.reviewer])
    expect(await call(key)).toMatchObject({ refusals: [{ code: 'access/not-allowed' }] })
  expect(await call(domain.keys.operator, edited(['late_days:', 'later_days:']))).toMatchObject({
    refusals: [{ code: 'source/unknown-name', at: { line: 159 } }],
  })
})

test('a policy the domain does not have has no differences', async () => {
  const found = await diff(edited(['policy: enterprise-credit', 'policy: another']))
  expect(found).toMatchObject({ policy: 'another', changes: [], replay: { submissions: 0 } })
  expect(found.from).toBeUndefined()
})

test('one replay at a time', async () => {
  const call = () => domain.call(domain.keys.operator, 'policy/diff', { text: policy, replay: 100 })
  const [first, second] = await Promise.all([call(), call()])
  expect(first.ok).toBe(true)
  expect(second).toMatchObject({ refusals: [{ code: 'run/busy' }] })
})
