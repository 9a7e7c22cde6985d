import { expect, test } from 'vitest'
import { cityDocuments } from '../../connectors/city/documents.ts'
import { readDocuments } from '../../policies/documents.ts'
import type { Refusal } from '../../policies/refusal.ts'

const { datasets, policy, agreement } = cityDocuments()
const all = [agreement, policy, ...datasets.map(({ text }) => text)]

const readOne = (texts: readonly string[], at: number): unknown => readDocuments(texts).read[at]
const refusalsOf = (texts: readonly string[], at: number): readonly Refusal[] => {
  const outcome = readDocuments(texts).read[at]
  return outcome === undefined || outcome.ok ? [] : outcome.refusals
}

test('the documents of a city are read against each other in any order', () => {
  for (const texts of [all, all.toReversed()]) {
    const { read, documents } = readDocuments(texts)
    expect(read.map((one) => one.ok && one.value.whole)).toEqual(texts.map(() => true))
    expect(documents.datasets).toHaveLength(7)
    expect(documents.policies).toHaveLength(1)
    expect(documents.agreements).toHaveLength(1)
  }
})

test('a document alone is read for its form, and it is said that its names were not looked up', () => {
  expect(readOne([policy], 0)).toEqual({
    ok: true,
    value: { kind: 'policy', name: 'enterprise-credit', whole: false },
  })
  expect(readOne([agreement, ...datasets.map(({ text }) => text)], 0)).toMatchObject({
    value: { kind: 'agreement', whole: false },
  })
  const other = policy.replace('policy: enterprise-credit', 'policy: another')
  expect(refusalsOf([agreement, other], 0)).toMatchObject([
    { code: 'source/unknown-name', params: { thing: 'policy', allowed: 'another' } },
  ])
})

test('a pull is read against the policies, and names one that publishes its dataset', () => {
  const pull = `pull: tax_declaration
policy: enterprise-credit
files: "tax-*.csv"
mode: append
schedule: { everyMinutes: 15 }
`
  expect(readOne([pull], 0)).toEqual({
    ok: true,
    value: { kind: 'pull', name: 'tax_declaration', whole: false },
  })
  expect(readOne([...all, pull], all.length)).toMatchObject({
    value: { kind: 'pull', whole: true },
  })
  const other = pull.replace('tax_declaration', 'nothing')
  expect(refusalsOf([...all, other], all.length)).toMatchObject([
    { code: 'source/unknown-name', params: { thing: 'policy' }, at: { line: 2 } },
  ])
})

test('a name that is not there is refused at its place with the names that are', () => {
  const wrong = policy.replace('late_days:', 'later_days:')
  const [refusal] = refusalsOf([...all.slice(2), wrong], 7)
  expect(refusal).toMatchObject({ code: 'source/unknown-name', params: { name: 'later_days' } })
  expect(refusal?.params['allowed']).toContain('late_days')
  expect(wrong.split('\n')[(refusal?.at?.line ?? 0) - 1]).toContain('later_days')
  const asked = agreement.replace('tax_paid', 'tax_owed')
  expect(refusalsOf([policy, asked], 1)).toMatchObject([
    { code: 'source/unknown-name', params: { name: 'tax_owed' }, at: { line: 13 } },
  ])
})

test.for([
  ['is no YAML', 'policy: [', 'source/invalid-document'],
  ['is another thing', 'rows: 1', 'source/unknown-document'],
  ['is a list', '[policy]', 'source/unknown-document'],
  ['is empty', '', 'source/unknown-document'],
] as const)('a text that %s is refused and does not hinder the others', ([, text, code]) => {
  const texts = [text, ...all]
  expect(refusalsOf(texts, 0)).toMatchObject([{ code, at: { line: 1 } }])
  expect(
    readDocuments(texts)
      .read.slice(1)
      .every(({ ok }) => ok),
  ).toBe(true)
})

test('a policy over a dataset that is itself refused is read for its form', () => {
  const [first = '', ...rest] = datasets.map(({ text }) => text)
  const texts = [policy, first.replace('class: code', 'class: cod'), ...rest]
  expect(refusalsOf(texts, 1)).toMatchObject([
    {
      code: 'source/not-an-option',
      params: { where: 'columns.0.class', allowed: 'code, identifier, amount, text' },
    },
  ])
  expect(readOne(texts, 0)).toMatchObject({ ok: true, value: { whole: false } })
})
