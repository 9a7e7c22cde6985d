import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseDocument } from '../../policies/document.ts'
import { checkPolicyTest, policyTestSchema, type PolicyTest } from '../../policies/policy-test.ts'
import type { Refusal } from '../../policies/refusal.ts'
import { filesOf, settingOf } from '../../policies/test-setting.ts'
import {
  differencesOfRows,
  differencesOfText,
  type CaseAnswer,
} from '../../policies/test-verdict.ts'
import { refuse } from '../../policies/refusal.ts'

const example = (name: string): string => readFileSync(`docs/example/${name}`, 'utf8')
const text = example('shops.test.yaml')

const parse = (yaml: string): PolicyTest => {
  const parsed = parseDocument(yaml, policyTestSchema, checkPolicyTest)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.refusals))
  return parsed.value
}
const refusalsOf = (yaml: string): readonly Refusal[] => {
  const parsed = parseDocument(yaml, policyTestSchema, checkPolicyTest)
  return parsed.ok ? [] : parsed.refusals
}
const header = 'test: a\npolicy: p.yaml\ndatasets: [d.yaml]\ncases:\n'

test('a test in which no text must be refused is no test', () => {
  const allowed = `${header}  - { case: a, sql: select 1, allow: true }\n`
  expect(refusalsOf(allowed)).toMatchObject([
    { code: 'source/nothing-refused', at: { line: 4, column: 1 } },
  ])
  const skipped = `${allowed}  - { case: b, sql: select 1, refuse: [query/not-text], skip: later }\n`
  expect(refusalsOf(skipped)).toMatchObject([{ code: 'source/nothing-refused' }])
  expect(refusalsOf(skipped.replace(', skip: later', ''))).toEqual([])
})

test('a case says exactly one thing that must come of it', () => {
  const both = '{ case: a, sql: select 1, allow: true, refuse: [query/not-text] }'
  const cases = `${header}  - ${both}\n  - { case: b, sql: select 1 }\n`
  expect(refusalsOf(cases)).toMatchObject([
    { code: 'source/one-outcome', at: { line: 5 } },
    { code: 'source/one-outcome', at: { line: 6 } },
  ])
  const data = 'data: [{ case: c, dataset: d, rows: [{ a: 1 }] }]\n'
  expect(
    refusalsOf(`${header}  - { case: a, sql: select 1, refuse: [query/not-text] }\n${data}`),
  ).toMatchObject([{ code: 'source/one-outcome', params: { allowed: 'published, refuse' } }])
})

test('a code that there is not is told with its place', () => {
  const cases = `${header}  - { case: a, sql: select 1, refuse: [query/nonsense] }\n`
  expect(refusalsOf(cases)).toMatchObject([
    { code: 'source/not-an-option', params: { where: 'cases.0.refuse.0' }, at: { line: 5 } },
  ])
})

test('documents are named by files or stand in the test, and are read against each other', () => {
  const named = parse(text)
  expect(filesOf(named)).toEqual(['policy.yaml', 'dataset.yaml', 'agreement.yaml'])
  expect(settingOf(named, example)).toMatchObject({
    setting: { policy: { policy: 'shops-open' }, today: '2025-01-01' },
  })
  const inside = {
    ...named,
    policy: parseAny(example('policy.yaml')),
    datasets: [parseAny(example('dataset.yaml'))],
    agreement: parseAny(example('agreement.yaml')),
  }
  expect(filesOf(inside)).toEqual([])
  expect(settingOf(inside, example)).toEqual(settingOf(named, example))
})

const parseAny = (yaml: string): PolicyTest['policy'] => {
  const parsed = parseDocument(yaml, policyTestSchema.shape.policy)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.refusals))
  return parsed.value
}

test('without an agreement all that the policy opens may be asked for', () => {
  const { agreement: _, ...rest } = parse(text)
  expect(settingOf(rest, example)).toMatchObject({
    setting: {
      agreement: { datasets: { shops: ['district', 'trade', 'staff', 'revenue'] }, rho: 1 },
      today: '2026-01-01',
    },
  })
})

test('what is wrong with a document is told of its file, or of its place in the test', () => {
  const changed = (file: string): string =>
    file === 'policy.yaml' ? example(file).replace('staff:', 'stuff:') : example(file)
  expect(settingOf(parse(text), changed)).toMatchObject({
    faults: [
      { file: 'policy.yaml', refusals: [{ code: 'source/unknown-name', at: { line: 14 } }] },
    ],
  })
  const inside = {
    ...parse(text),
    policy: parseAny(example('policy.yaml').replace('staff:', 'stuff:')),
  }
  expect(settingOf(inside, example)).toMatchObject({
    faults: [{ refusals: [{ params: { where: 'policy.datasets.shops.columns.stuff' } }] }],
  })
  expect(
    settingOf(parse(text.replace('policy: policy.yaml', 'policy: agreement.yaml')), example),
  ).toMatchObject({
    faults: [{ file: 'agreement.yaml', refusals: [{ code: 'source/unknown-document' }] }],
  })
  const another = { ...parse(text), policy: parseAny(example('agreement.yaml')) }
  expect(settingOf(another, example)).toMatchObject({
    faults: [{ refusals: [{ code: 'source/unknown-document', params: { where: 'policy' } }] }],
  })
  expect(
    settingOf(parse(text), (file) => (file === 'dataset.yaml' ? undefined : example(file))),
  ).toMatchObject({
    faults: [{ refusals: [{ code: 'source/no-document', params: { where: 'datasets.0' } }] }],
  })
})

const allowed: CaseAnswer = {
  answer: 'allowed',
  columns: ['district', 'n'],
  cost: [{ kind: 'shop', rhoNano: 49_999_998 }],
  cells: 3,
}
/** Nothing is known of its cells and level before it is run. */
const unlike: CaseAnswer = { ...allowed, cells: undefined, level: undefined }
const refusedWith = (...codes: ('query/not-text' | 'query/function')[]): CaseAnswer => ({
  answer: 'refused',
  refusals: codes.map((code) => refuse(code)),
})
const textCase = (more: object): Parameters<typeof differencesOfText>[0] => ({
  case: 'a',
  sql: 'select 1',
  door: 'noise',
  ...more,
})

test.for<[string, object, CaseAnswer, readonly object[]]>([
  ['is allowed', { allow: true }, allowed, []],
  ['is refused', { allow: true }, refusedWith('query/not-text'), [{ what: 'outcome' }]],
  ['has other columns', { allow: { columns: ['n'] } }, allowed, [{ what: 'columns' }]],
  ['has these columns', { allow: { columns: ['district', 'n'], cells: 3 } }, allowed, []],
  ['has more cells', { allow: { cells: 2 } }, allowed, [{ wanted: '2', found: '3' }]],
  ['has no public number of cells', { allow: { cells: 3 } }, unlike, [{ found: '-' }]],
  ['works on this level', { allow: { level: 3 } }, { ...allowed, level: 3 }, []],
  [
    'works on another level',
    { allow: { level: 3 } },
    { ...allowed, level: 4 },
    [{ what: 'level', wanted: '3', found: '4' }],
  ],
  ['works on no level', { allow: { level: 3 } }, unlike, [{ what: 'level', found: '-' }]],
  ['costs no more', { allow: { cost: { shop: 0.05 } } }, allowed, []],
  [
    'costs more',
    { allow: { cost: { shop: 0.04 } } },
    allowed,
    [{ what: 'cost', wanted: 'shop <= 0.04' }],
  ],
  ['costs of a kind not named', { allow: { cost: {} } }, allowed, [{ wanted: 'shop <= 0' }]],
  ['must be refused', { refuse: ['query/not-text'] }, allowed, [{ found: 'allowed' }]],
  [
    'is refused so',
    { refuse: ['query/not-text'] },
    refusedWith('query/not-text', 'query/not-text'),
    [],
  ],
  [
    'is refused for more',
    { refuse: ['query/not-text'] },
    refusedWith('query/not-text', 'query/function'),
    [{ what: 'codes', found: 'query/function, query/not-text' }],
  ],
])('a text that %s', ([, more, answer, differences]) => {
  expect(differencesOfText(textCase(more), answer)).toMatchObject(differences)
  expect(differencesOfText(textCase(more), answer)).toHaveLength(differences.length)
})

test('published rows are compared in the columns that are named, numbers by their value', () => {
  const answer: CaseAnswer = {
    answer: 'published',
    columns: ['paid', 'day', 'late'],
    rows: [
      ['120.00', '2024-01-01', 'true'],
      [null, '2024-02-01', null],
    ],
  }
  const differences = (published: readonly Record<string, string | number | boolean | null>[]) =>
    differencesOfRows({ case: 'a', dataset: 'd', rows: [{}], published: [...published] }, answer)
  expect(differences([{ paid: 120, late: true }, { paid: null }])).toEqual([])
  expect(differences([{ paid: 119 }, { day: '2024-02-02' }])).toEqual([
    { what: 'value', wanted: 'paid: 119', found: 'paid: 120.00', row: 1 },
    { what: 'value', wanted: 'day: 2024-02-02', found: 'day: 2024-02-01', row: 2 },
  ])
  expect(differences([{ paid: 120 }, { paid: 0 }])).toMatchObject([{ found: 'paid: null', row: 2 }])
  expect(differences([{ name: 'x' }, {}])).toMatchObject([{ what: 'hidden', wanted: 'name' }])
  expect(differences([{}])).toMatchObject([{ what: 'rows', wanted: '1', found: '2' }])
})

test('rows are published or refused as their case says, and so', () => {
  const rowsCase = { case: 'a', dataset: 'd', rows: [{}] }
  const refused = { ...rowsCase, refuse: ['query/not-text' as const] }
  expect(differencesOfRows(refused, refusedWith('query/not-text'))).toEqual([])
  expect(differencesOfRows(refused, refusedWith('query/function'))).toMatchObject([
    { what: 'codes', found: 'query/function' },
  ])
  expect(
    differencesOfRows({ ...rowsCase, published: [{}] }, refusedWith('query/not-text')),
  ).toMatchObject([{ what: 'outcome', wanted: 'published', found: 'refused' }])
})
