import { describe, expect, test } from 'vitest'
import { dueAfter, fits, pullSchema, retryAfterMs } from '../../policies/pull.ts'

const pull = (more: object = {}) => ({
  pull: 'tax',
  policy: 'credit',
  files: 'tax-*.csv',
  mode: 'append',
  schedule: { everyMinutes: 15 },
  ...more,
})
const due = (schedule: object, after: string): string =>
  new Date(dueAfter(pullSchema.parse(pull({ schedule })), Date.parse(after))).toISOString()

test('an interval counts from the last look', () => {
  expect(due({ everyMinutes: 15 }, '2026-01-31T23:50:00Z')).toBe('2026-02-01T00:05:00.000Z')
})

test.each([
  ['03:30', '+08:00', '2026-01-31T19:29:59Z', '2026-01-31T19:30:00.000Z'],
  ['03:30', '+08:00', '2026-01-31T19:30:00Z', '2026-02-01T19:30:00.000Z'],
  ['03:30', '+08:00', '2025-06-01T00:00:00Z', '2025-06-01T19:30:00.000Z'],
  ['23:45', '-03:30', '2026-01-31T00:00:00Z', '2026-01-31T03:15:00.000Z'],
  ['00:00', '+00:00', '1970-01-01T00:00:00Z', '1970-01-02T00:00:00.000Z'],
])(
  'a daily look at %s (%s) after %s is at %s: missed days are made up for by one',
  (daily, zone, after, expected) => {
    expect(due({ daily, zone }, after)).toBe(expected)
  },
)

test('daily looks are by the clock of China unless said otherwise', () => {
  expect(due({ daily: '08:00' }, '2026-01-31T12:00:00Z')).toBe('2026-02-01T00:00:00.000Z')
})

test('what is refused is left alone for a minute, then longer, a day at most', () => {
  expect([1, 2, 3, 11, 12, 1000].map((times) => retryAfterMs(times) / 60_000)).toEqual([
    1, 2, 4, 1024, 1440, 1440,
  ])
})

test.each([
  ['tax-*.csv', 'tax-2026-01.csv', true],
  ['tax-*.csv', 'tax-.csv', true],
  ['tax-*.csv', 'tax-1.csv.gz', false],
  ['tax-*.csv', 'Tax-1.csv', false],
  ['a*b*c', 'axxbxxc', true],
  ['a*b*c', 'axxc', false],
  ['a*b*c', 'abc', true],
  ['a*a', 'a', false],
  ['a*bc*c', 'abc', false],
  ['报表.*', '报表.xlsx', true],
  ['[ab].csv', 'a.csv', false],
  ['a.csv', 'aXcsv', false],
])('the pattern %s and the name %s: %s', (files, name, expected) => {
  expect(fits(pullSchema.parse(pull({ files })), name)).toBe(expected)
})

describe('a pull is no document with', () => {
  test.each([
    ['a path for a pattern', { files: '../*.csv' }],
    ['a hidden name for a pattern', { files: '.*' }],
    ['two stars together', { files: 'a**' }],
    ['a step up', { folder: ['..'] }],
    ['a path for a step', { folder: ['a/b'] }],
    ['a hidden step', { folder: ['.ssh'] }],
    ['too many steps', { folder: ['a', 'b', 'c', 'd', 'e'] }],
    ['no time', { schedule: {} }],
    ['two kinds of time', { schedule: { everyMinutes: 5, daily: '03:30' } }],
    ['a time that is none', { schedule: { daily: '24:00' } }],
    ['a zone that is none', { schedule: { daily: '03:30', zone: 'Asia/Shanghai' } }],
    ['an address', { url: 'https://example.org/tax.csv' }],
  ])('%s', (_, more) => {
    expect(pullSchema.safeParse(pull()).success).toBe(true)
    expect(pullSchema.safeParse(pull(more)).success).toBe(false)
  })
})
