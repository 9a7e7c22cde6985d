import { afterAll, beforeAll, expect, test } from 'vitest'
import { cityDocuments } from '../../connectors/city/documents.ts'
import { replayOutcomes, type Output, type Replay } from '../../sandbox/door.ts'
import { need, publishPolicy } from '../support/domain.ts'
import { openInside, type Inside } from '../support/inside.ts'

let domain: Inside
beforeAll(async () => {
  domain = await openInside()
  for (const [sql, more = {}] of asked) await domain.ask({ sql, ...more })
}, 180_000)
afterAll(() => domain.close())

const late = 'select sum(late_days) as late from tax_declaration'
const districts = 'select district, count(*) as n from ent_registry group by district'
const exact = 'select count(*) as n from ent_registry'
const hidden = 'select sum(amount) from court_case'
const rows = 'select uscc from tax_declaration'
const paid = 'select sum(tax_paid) as paid from tax_declaration'
const asked: readonly (readonly [string, { readonly door?: 'people'; readonly rho?: number }?])[] =
  [
    [late],
    [late],
    [districts],
    [exact, { door: 'people' }],
    [hidden],
    [rows],
    [paid, { rho: 0.004 }],
  ]

const { policy } = cityDocuments()
const edited = (...changes: readonly (readonly [string, string])[]): string =>
  changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`no \`${from}\` in the policy`)
    return text.replace(from, to)
  }, policy)
const diff = async (text: string, replay = 100, examples = 50): Promise<Output<'policy/diff'>> =>
  need(await domain.call(domain.keys.operator, 'policy/diff', { text, replay, examples }))

/** The texts that come out otherwise, by how they do; outcomes that nothing has are left out. */
type Turned = Record<string, readonly (readonly [string, number])[]>
const turnedOf = ({ replay }: Output<'policy/diff'>): Turned =>
  Object.fromEntries(
    replay.changed.flatMap(({ outcome, examples }) =>
      examples.length === 0 ? [] : [[outcome, examples.map(({ text, times }) => [text, times])]],
    ),
  )
const exampleOf = (
  { replay }: Output<'policy/diff'>,
  wanted: string,
): Omit<Replay['changed'][number]['examples'][number], 'text'> => {
  const found = replay.changed
    .flatMap(({ examples }) => examples)
    .find(({ text }) => text === wanted)
  if (found === undefined) throw new Error('it comes to the same')
  return found
}
const rounding =
  'tax_paid:\n        use: measure\n        desensitize: [{ method: round, base: 10 }]'
const lateDays = '      late_days: { use: measure, clamp: [0, 30] }'

test('under the same text every past decision is the same', async () => {
  const found = await diff(policy)
  expect(found).toMatchObject({ policy: 'enterprise-credit', changes: [], agreements: [] })
  expect(found.from).toBe(found.to)
  expect(found.replay).toEqual({
    submissions: 7,
    same: 7,
    undecided: 0,
    changed: replayOutcomes.map((outcome) => ({
      outcome,
      submissions: 0,
      questions: 0,
      examples: [],
    })),
  })
})

test('a column that becomes hidden refuses the questions that read it, with code and place', async () => {
  const found = await diff(edited([`${lateDays}\n`, '']))
  expect(found.changes).toMatchObject([{ change: 'column-hidden', effect: 'tighter' }])
  expect(found.agreements).toMatchObject([
    { agreement: 'bank-a', refusals: [{ code: 'source/unknown-name' }] },
  ])
  expect(found.replay).toMatchObject({ submissions: 7, same: 5 })
  expect(turnedOf(found)).toEqual({ 'now-refused': [[late, 2]] })
  expect(exampleOf(found, late)).toMatchObject({
    organisation: 'bank-a',
    door: 'noise',
    before: {
      cost: [{ kind: 'enterprise', cost: { delta: 0 } }],
      widths: [{ name: 'late', sd: expect.any(Number) as unknown }],
    },
    after: { refusals: [{ code: 'query/unknown-column', at: { line: 1, column: 12 } }] },
  })
})

test('another usual rho is another cost of the questions that name none, and no other verdict', async () => {
  const found = await diff(edited(['question: { rho: 0.005', 'question: { rho: 0.01']))
  expect(found.replay).toMatchObject({ submissions: 7, same: 4 })
  expect(turnedOf(found)).toEqual({
    'other-cost': [
      [districts, 1],
      [late, 2],
    ],
  })
  const { before, after } = exampleOf(found, districts)
  expect(before).toMatchObject({ cost: [{ kind: 'enterprise' }, { cost: { rho: 0.005 } }] })
  expect(after).toMatchObject({ cost: [{ kind: 'enterprise' }, { cost: { rho: 0.01 } }] })
})

test.each([
  ['a wider clamp', [lateDays, lateDays.replace('30', '60')], [[late, 2]]],
  [
    'more rows of an entity',
    ['{ rowsMax: 12, groupsMax: 12 }', '{ rowsMax: 24, groupsMax: 12 }'],
    [
      [paid, 1],
      [late, 2],
    ],
  ],
  ['a higher floor of the people door', ['    floor: 10', '    floor: 20'], [[exact, 1]]],
  ['another dominance', ['datasets:', 'dominance: { pPercent: 15 }\ndatasets:'], [[exact, 1]]],
  ['other rounding', [rounding, rounding.replace('base: 10', 'base: 20')], [[paid, 1]]],
] as const)(
  'is at the same cost another answer of the questions it bears on: %s',
  async (_, [from, to], questions) => {
    const found = await diff(edited([from, to]))
    expect(turnedOf(found)).toEqual({ 'other-answer': questions })
  },
)

test('of an answer that becomes wider it is told how wide', async () => {
  const found = await diff(edited([lateDays, lateDays.replace('30', '60')]))
  const { before, after } = exampleOf(found, late)
  const [was, is] = [before, after].map((one) => ('widths' in one ? one.widths[0]!.sd : NaN))
  expect(is! / was!).toBeCloseTo(2, 1)
})

test('a column that nobody asked for changes no decision when it is shown', async () => {
  const more = '      tax_payable: { use: measure, clamp: [0, 50000] }\n'
  const found = await diff(edited([lateDays, `${more}${lateDays}`]))
  expect(found.changes).toMatchObject([{ change: 'column-shown' }])
  expect(found.replay).toMatchObject({ submissions: 7, same: 7 })
})

test('what is refused for another reason is told apart from what is refused', async () => {
  const start = policy.indexOf('  tax_declaration:')
  const end = policy.indexOf('  tax_rating:')
  const found = await diff(policy.slice(0, start) + policy.slice(end))
  expect(turnedOf(found)).toEqual({
    'now-refused': [
      [paid, 1],
      [late, 2],
    ],
    'refused-otherwise': [[rows, 1]],
  })
})

test('every outcome is counted whole, and its newest questions are shown, as many as asked for', async () => {
  const text = edited(['question: { rho: 0.005', 'question: { rho: 0.01'])
  const { replay } = await diff(text, 100, 1)
  expect(replay.changed.find(({ outcome }) => outcome === 'other-cost')).toMatchObject({
    submissions: 3,
    questions: 2,
    examples: [{ text: districts, times: 1 }],
  })
  const none = await diff(text, 100, 0)
  expect(none.replay.changed.flatMap(({ examples }) => examples)).toEqual([])
})

test('a closed door refuses what was asked there, and an opened one allows it again', async () => {
  const closed = edited(['doors: [noise, people]', 'doors: [noise]'])
  const tighter = await diff(closed)
  expect(turnedOf(tighter)).toEqual({ 'now-refused': [[exact, 1]] })
  expect(exampleOf(tighter, exact)).toMatchObject({
    door: 'people',
    before: { cost: [], widths: [] },
    after: { refusals: [{ code: 'submission/door-not-agreed' }] },
  })
  need(await publishPolicy(domain, closed))
  try {
    const looser = await diff(policy)
    expect(turnedOf(looser)).toEqual({ 'now-allowed': [[exact, 1]] })
    expect(exampleOf(looser, exact)).toMatchObject({
      before: { refusals: [{ code: 'submission/door-not-agreed' }] },
      after: { cost: [] },
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
