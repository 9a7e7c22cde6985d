import { expect, test } from 'vitest'
import { listOf, nearestFirst } from '../../policies/nearest.ts'

const names = ['district', 'trade', 'staff', 'revenue']

test.each([
  ['revenu', 'revenue', 'a character left out'],
  ['revvenue', 'revenue', 'one too many'],
  ['revanue', 'revenue', 'another one'],
  ['reveune', 'revenue', 'two swapped'],
  ['stafff', 'staff', 'one too many at the end'],
  ['dsitrcit', 'district', 'two slips'],
])('%s is nearly %s: %s', (written, meant) => {
  const sorted = nearestFirst(written, names)
  expect(sorted[0]).toBe(meant)
  expect(sorted.toSorted()).toEqual(names.toSorted())
})

test('of several near ones the nearest comes first, and what is far keeps its order', () => {
  expect(nearestFirst('staffs', ['other', 'stuffe', 'staff', 'last'])).toEqual([
    'staff',
    'stuffe',
    'other',
    'last',
  ])
  expect(nearestFirst('zzz', names)).toEqual(names)
  expect(nearestFirst('', names)).toEqual(names)
  expect(nearestFirst('x'.repeat(65), ['a', 'x'.repeat(65)])[0]).toBe('a')
  expect(nearestFirst('企业名称', ['企业', '企业名程'])).toEqual(['企业名程', '企业'])
})

test('a list is cut between names, and never longer than a parameter may be', () => {
  expect(listOf([])).toBe('(none)')
  expect(listOf(['a', 'b'])).toBe('a, b')
  const many = Array.from({ length: 500 }, (_, at) => `column_${at}`)
  expect(listOf(many)).toMatch(/^column_0, .*column_\d+, …$/)
  expect(listOf(many).length).toBeLessThanOrEqual(400)
  expect(listOf(['x'.repeat(900), 'b'])).toBe(`${'x'.repeat(395)}, …`)
})
