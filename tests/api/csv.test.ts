import { expect, test } from 'vitest'
import { toCsv } from '../../api/csv.ts'
import type { Cell } from '../../policies/result.ts'

const csvOf = (cell: Cell): string =>
  toCsv({
    door: 'noise',
    columns: [{ name: 'x', type: 'VARCHAR' }],
    rows: [[cell]],
    notes: [],
  }).slice('x\r\n'.length)

test.for([
  ['=1+1', "'=1+1"],
  ['+1+1', "'+1+1"],
  ['-1+1', "'-1+1"],
  ['@sum(a1)', "'@sum(a1)"],
  [' =1', "' =1"],
  ['\t=1', "'\t=1"],
  ['＝1+1', "'＝1+1"],
  ['－1+1', "'－1+1"],
  ['-12.5', '-12.5'],
  ['12345678901234567890', '12345678901234567890'],
  ['海港区', '海港区'],
  ['a,b', '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  ['two\nlines', '"two\nlines"'],
  ['=a,b', '"\'=a,b"'],
] as const)('the text %j is the field %s', ([text, field]) => {
  expect(csvOf(text)).toBe(`${field}\r\n`)
})

test.for<[Cell, string]>([
  [null, ''],
  [-7, '-7'],
  [true, 'true'],
  [{ withheld: true }, 'withheld'],
  [{ value: null }, ''],
])('the cell %j is the field %s', ([cell, field]) => {
  expect(csvOf(cell)).toBe(`${field}\r\n`)
})

test('a name of a column is guarded as its values are', () => {
  const columns = [{ name: '=cmd', type: 'BIGINT' }]
  expect(toCsv({ door: 'noise', columns, rows: [], notes: [] })).toBe("'=cmd\r\n")
})
