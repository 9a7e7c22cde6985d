import { expect, test } from 'vitest'
import { datasetSchema } from '../../policies/dataset.ts'
import { parseDocument } from '../../policies/document.ts'
import { checkProtection, protections } from '../../policies/protection.ts'

const textOf = (tags: string, level: number): string => `dataset: shops
title: { zh: 门店, en: shops }
department: { zh: 商务局, en: commerce office }
entities: []
grain: [district]
columns:
  - { name: district, type: text, class: code, level: 1 }
  - { name: sales, type: integer, class: amount, level: ${level}, tags: [${tags}] }
`
const refusalsOf = (tags: string, level: number): readonly unknown[] => {
  const outcome = parseDocument(textOf(tags, level), datasetSchema, checkProtection)
  return outcome.ok ? [] : outcome.refusals
}

test('there are six tags (S2-02)', () => {
  expect(protections).toHaveLength(6)
  for (const tag of protections.slice(1)) expect(refusalsOf(tag, 5)).toEqual([])
})

test.each([1, 5])(
  'a column that is a state secret is refused at its place, whatever its level: %i (S2-02)',
  (level) => {
    expect(refusalsOf('state-secret', level)).toEqual([
      {
        code: 'source/state-secret',
        params: { where: 'columns.1.tags', column: 'sales' },
        at: { line: 8, column: 60 },
      },
    ])
  },
)

test.each([
  ['national-security', 5],
  ['public-interest', 3],
  ['trade-secret', 3],
  ['personal-privacy', 3],
  ['security', 1],
])('a column tagged %s has a level of %i at the least (S2-02)', (tag, min) => {
  expect(refusalsOf(tag, min)).toEqual([])
  if (min > 1)
    expect(refusalsOf(tag, min - 1)).toMatchObject([
      { code: 'source/level-below-tag', params: { tag, level: min - 1, min }, at: { line: 8 } },
    ])
})

test('all that is wrong with the tags is told at once', () => {
  expect(refusalsOf('state-secret, personal-privacy, trade-secret, security', 2)).toHaveLength(3)
})

test.each([
  ['security, security', 'columns.1.tags.1'],
  ['secret', 'columns.1.tags.0'],
  ['', 'columns.1.tags'],
])('the tags [%s] are no list of them', (tags, place) => {
  expect(refusalsOf(tags, 3)).toMatchObject([{ params: { where: place } }])
})
