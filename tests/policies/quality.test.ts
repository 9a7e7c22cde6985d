import { expect, test } from 'vitest'
import { datasetSchema } from '../../policies/dataset.ts'
import { qualityOf, type Delivery } from '../../policies/quality.ts'
import { badRowsAllowed } from '../../policies/quarantine.ts'
import { datasetOf } from '../support/dataset.ts'

const column = { column: 'a', empty: 0, unread: 0, rounded: 0, respelled: 0 }
const delivery: Delivery = {
  rows: 100,
  wrongRows: 0,
  columns: [column, { ...column, column: 'b' }],
}

test('a delivery of which nothing was wrong has full marks in three dimensions (S4-03)', () => {
  expect(qualityOf(delivery, undefined)).toEqual({
    completeness: 1,
    accuracy: 1,
    machineReadability: 1,
  })
})

test('cells and rows count for what is wrong with them', () => {
  const worse: Delivery = {
    ...delivery,
    wrongRows: 5,
    columns: [
      { ...column, empty: 20, unread: 3 },
      { ...column, column: 'b', rounded: 4, respelled: 2 },
    ],
  }
  expect(qualityOf(worse, undefined)).toEqual({
    completeness: 0.9,
    accuracy: 0.95,
    machineReadability: 0.95,
  })
})

test.each([
  ['monthly', 0, 1],
  ['monthly', 62, 1],
  ['monthly', 124, 0.5],
  ['daily', 20, 0.1],
  ['yearly', 700, 1],
] as const)(
  'delivered %s, the newest date %i days old, timeliness is %d',
  (cycle, ageDays, share) => {
    expect(qualityOf({ ...delivery, ageDays }, cycle).timeliness).toBe(share)
  },
)

test('a delivery of empty cells has no cell that a machine can read', () => {
  const empty = { ...delivery, columns: [{ ...column, empty: 100 }] }
  expect(qualityOf(empty, 'daily')).toEqual({
    completeness: 0,
    accuracy: 1,
    machineReadability: 0,
  })
})

test.each([
  [0, 1000, 0],
  [0.01, 1000, 10],
  [0.01, 99, 0],
  [7, 1000, 7],
  [7, 5, 4],
  [0.999, 3, 2],
])('with badRowsMax %d of %i rows %i may be left out', (badRowsMax, rows, allowed) => {
  expect(badRowsAllowed(datasetOf({ a: 'text' }, { ingest: { badRowsMax } }), rows)).toBe(allowed)
})

test.each([
  [{ ingest: { badRowsMax: -1 } }, 'ingest.badRowsMax'],
  [{ ingest: { badRowsMax: 1.5 } }, 'ingest.badRowsMax'],
  [{ update: { cycle: 'monthly', column: 'a' } }, 'update.column'],
  [{ update: { cycle: 'monthly', column: 'c' } }, 'update.column'],
  [{ update: { cycle: 'hourly', column: 'b' } }, 'update.cycle'],
])('a dataset with %j is not valid', (more, where) => {
  const plain = datasetOf({ a: 'text', b: 'date' })
  const parsed = datasetSchema.safeParse({ ...plain, ...more })
  expect(parsed.error?.issues.map(({ path }) => path.join('.'))).toEqual([where])
})

test('only a date is one of the past', () => {
  const plain = datasetOf({ a: 'text', b: 'date' })
  const past = plain.columns.map((column) => ({ ...column, past: true }))
  const parsed = datasetSchema.safeParse({ ...plain, columns: past })
  expect(parsed.error?.issues.map(({ path }) => path.join('.'))).toEqual(['columns.0.past'])
  expect(datasetSchema.safeParse({ ...plain, columns: past.slice(1), grain: ['b'] }).success).toBe(
    true,
  )
})
