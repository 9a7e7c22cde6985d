import { expect, test } from 'vitest'
import { cityDocuments } from '../../connectors/city/documents.ts'
import { changesOf, changeText } from '../../policies/diff.ts'
import { parseDocument } from '../../policies/document.ts'
import { policySchema, type Policy } from '../../policies/policy.ts'

const read = (text: string): Policy => {
  const parsed = parseDocument(text, policySchema)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.refusals))
  return parsed.value
}
const text = cityDocuments().policy
const city = read(text)

/** What a change of the city's policy says, with its effect. */
const told = (after: Policy, before = city): string[] =>
  changesOf(before, after).map((change) => `${change.effect}: ${changeText(change, 'en')}`)
const edited = (from: string, to: string): Policy => {
  if (!text.includes(from)) throw new Error(`no \`${from}\` in the policy`)
  return read(text.replace(from, to))
}

test('equal texts have no differences', () => {
  expect(changesOf(city, read(text))).toEqual([])
})

test.for<[string, string, readonly string[]]>([
  ['doors: [noise, people]', 'doors: [noise]', ['tighter: the people door is closed']],
  ['    floor: 10\n', '    floor: 20\n', ['tighter: `kinds.enterprise.floor`: 10 becomes 20']],
  ['rho: 0.5,', 'rho: 0.6,', ['looser: `kinds.enterprise.ledger.rho`: 0.5 becomes 0.6']],
  ['    unitsMax: 3\n', '', ['other: `kinds.person.unitsMax`: 3 becomes -']],
  [
    'rhoMax: 0.05',
    'rhoMax: 0.05, rhoMin: 0.001',
    ['tighter: `question.rhoMin`: 0.0001 becomes 0.001'],
  ],
  ['rhoMax: 0.05', 'rhoMax: 0.01', ['tighter: `question.rhoMax`: 0.05 becomes 0.01']],
  [
    'late_days: { use: measure, clamp: [0, 30] }\n',
    'late_days: { use: measure, clamp: [0, 90] }\n',
    ['other: `tax_declaration.late_days` is bounded otherwise: 0 … 30 becomes 0 … 90'],
  ],
  [
    '      late_days: { use: measure, clamp: [0, 30] }\n',
    '',
    ['tighter: `tax_declaration.late_days` becomes hidden'],
  ],
  [
    'method: round, base: 100 }',
    'method: round, base: 10 }',
    [
      'other: `tax_declaration.taxable_sales` is desensitized otherwise: round base 100 becomes round base 10',
    ],
  ],
  [
    '存续, 注销, 吊销',
    '存续, 注销, 停业',
    ['other: `ent_registry.status` has other codes: added 停业; taken out 吊销'],
  ],
  [
    'sensitive: true\n        domain: { codes: [A, B',
    'domain: { codes: [A, B',
    ['looser: `tax_rating.grade` is no longer sensitive'],
  ],
  [
    "dates: ['1991-01-01', '2023-12-31']",
    "dates: ['1991-01-01', '2024-12-31']",
    [
      'other: `ent_registry.established` is bounded otherwise: 1991-01-01 … 2023-12-31 becomes 1991-01-01 … 2024-12-31',
    ],
  ],
])('%j as %j is told', ([from, to, words]) => {
  expect(told(edited(from, to))).toEqual(words)
})

test('a kind or a bound that comes is told, and so is one that goes', () => {
  const { person, ...others } = city.kinds
  if (person === undefined) throw new Error('no person')
  const without: Policy = { ...city, kinds: others }
  expect(told(city, without)).toEqual([
    'other: entities of kind `person` have a floor and a ledger',
  ])
  expect(told(without)).toHaveLength(1)
  const { unitsMax, ...unbounded } = person
  const open: Policy = { ...city, kinds: { ...others, person: unbounded } }
  expect(told(city, open)).toEqual([`other: \`kinds.person.unitsMax\`: - becomes ${unitsMax}`])
})

test('what bounds a column is told in one line, whatever it was before', () => {
  const { court_case: court } = city.datasets
  if (court === undefined) throw new Error('no court cases')
  const bounded = (column: object): Policy => {
    const columns = { ...court.columns, cause: { ...court.columns['cause'], ...column } }
    const datasets = { ...city.datasets, court_case: { ...court, columns } }
    return policySchema.parse({ ...city, datasets })
  }
  const [listed, ranged] = [{ domain: { codes: ['a', 'b'] } }, { domain: { range: [1, 9] } }]
  const said = (from: object, to: object): string[] => told(bounded(to), bounded(from))
  expect(said(listed, ranged)).toEqual([
    'other: `court_case.cause` is bounded otherwise: a, b becomes 1 … 9',
  ])
  expect(said(ranged, { domain: undefined })).toEqual([
    'other: `court_case.cause` is bounded otherwise: 1 … 9 becomes -',
  ])
})

test('a column or a dataset that comes is told with what is done to it, one that goes is told', () => {
  const { court_case: court, ...rest } = city.datasets
  const without: Policy = { ...city, datasets: rest }
  expect(told(without)).toEqual(['tighter: dataset `court_case` is closed'])
  expect(told(city, without)).toEqual([
    'looser: dataset `court_case` is opened',
    'looser: `court_case.party_role` becomes visible, as a dimension; desensitized: -',
    'looser: `court_case.cause` becomes visible, as a dimension; desensitized: -',
    'looser: `court_case.filed_at` becomes visible, as a dimension; desensitized: date-truncate to month',
    'looser: `court_case.amount` becomes visible, as a measure; desensitized: round base 1000',
  ])
  const { cause, ...shown } = court?.columns ?? {}
  expect(cause).toBeDefined()
  const hiding: Policy = {
    ...city,
    datasets: { ...rest, court_case: { ...court!, columns: shown } },
  }
  expect(told(city, hiding)).toEqual([
    'looser: `court_case.cause` becomes visible, as a dimension; desensitized: -',
  ])
})

test('the words are in both languages, and a change of a newer domain is shown as it stands', () => {
  const [change] = changesOf(city, { ...city, doors: ['noise'] })
  expect(change && changeText(change, 'zh')).toBe('关闭 people 出口')
  expect(changeText({ change: 'tuned', params: { by: 2 } }, 'en')).toBe('tuned by=2')
})

/** Every value of a policy that is neither map nor list, with another in its place. */
const variants = function* (value: unknown): Generator {
  if (Array.isArray(value))
    for (const [at, item] of (value as readonly unknown[]).entries())
      for (const other of variants(item)) yield (value as readonly unknown[]).with(at, other)
  else if (typeof value === 'object' && value !== null)
    for (const [name, item] of Object.entries(value))
      for (const other of variants(item)) yield { ...value, [name]: other }
  else if (typeof value === 'number') yield value * 2 + 1
  else if (typeof value === 'boolean') yield !value
  else yield `${String(value)}x`
}

test('a difference far down a long list is told too', () => {
  const edges = (last: number): Policy => {
    const list = [...Array.from({ length: 20 }, (_, at) => at), last].join(', ')
    return edited('method: round, base: 100 }', `method: bucket, edges: [${list}] }`)
  }
  expect(changesOf(edges(30), edges(40))).toHaveLength(1)
})

test('no value of a policy can be changed without a difference being told', () => {
  const all = [...variants(city)]
  expect(all.length).toBeGreaterThan(200)
  const silent = all.filter((after) => changesOf(city, after as Policy).length === 0)
  expect(silent).toEqual([])
})
