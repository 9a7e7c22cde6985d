import { expect, test } from 'vitest'
import { cellText, resultTable } from '../../../api/cli/figure.ts'
import { refusalText } from '../../../api/cli/refusal.ts'
import { printable, tableOf, widthOf } from '../../../api/cli/table.ts'
import { operations } from '../../../sandbox/door.ts'
import { samples } from '../../support/door.ts'

test.for([
  ['abc', 3],
  ['海港区', 6],
  ['ｆｕｌｌ', 8],
  ['é', 1],
  ['e\u0301', 1],
  ['中a文', 5],
  ['±▒', 2],
  ['𠮷', 2],
] as const)('%s takes %i columns', ([text, width]) => {
  expect(widthOf(text)).toBe(width)
})

test('a table aligns Chinese, numbers to the right', () => {
  const text = tableOf(
    [{ title: '行政区' }, { title: 'firms', right: true }],
    [
      ['海港区', '7'],
      ['old town', '1204 ± 14'],
    ],
  )
  expect(text).toBe(
    ['行政区        firms', '海港区            7', 'old town  1204 ± 14', ''].join('\n'),
  )
})

test('nothing in a result can move the cursor or turn the writing round', () => {
  expect(printable('a\u001B[2Jb\u202Ec\nd\u009B')).toBe('a�[2Jb�c�d�')
  const result = operations['result/fetch'].output.shape.result.parse({
    door: 'noise',
    columns: [{ name: 'x\u001B', type: 'VARCHAR' }],
    rows: [['\u001B]0;title\u0007']],
    notes: [],
  })
  expect(resultTable(result)).not.toMatch(/[^\P{Cc}\n]/u)
})

test.for([
  [{ value: 1204, low: 1190, high: 1218 }, '1204 ± 14'],
  [{ value: 0.12345, low: 0.08, high: 0.1669 }, '0.123 ± 0.043'],
  [{ value: 0.5, low: 0.1, high: 0.6 }, '0.50 [0.10, 0.60]'],
  [{ value: '123456789012345678', low: 1, high: 2 }, '123456789012345678'],
  [{ value: 7, low: 7, high: 7 }, '7 ± 0'],
  [{ value: null }, '-'],
  [{ withheld: true as const }, '▒▒'],
  [null, '-'],
  [true, 'true'],
] as const)('%j is shown as %s', ([cell, text]) => {
  expect(cellText(cell)).toBe(text)
})

test('the sample result is shown with its interval and its withheld cell', () => {
  expect(resultTable(samples['result/fetch'].result)).toBe(
    ['district      firms', '海港区    1204 ± 14', '=cmd()           ▒▒', ''].join('\n'),
  )
})

test('a caret stands under the place, beyond Chinese and tabs, in long lines too', () => {
  const at = (line: number, column: number) => ({
    code: 'x/y',
    refusals: [{ code: 'x/y', message: 'm', fix: 'f', at: { line, column } }],
  })
  expect(refusalText(at(2, 9), 'fix', "select\n\t'海港', name\nfrom e")).toBe(
    ['x/y: m', "  2 |  '海港', name", '    |           ^', '  fix: f', ''].join('\n'),
  )
  const long = `${'a'.repeat(100)}!${'b'.repeat(100)}`
  const [, shown = '', caret = ''] = refusalText(at(1, 101), 'fix', long).split('\n')
  expect(shown[caret.indexOf('^')]).toBe('!')
  expect(shown.length).toBeLessThan(80)
  expect(refusalText(at(9, 1), 'fix', 'one line')).toBe('x/y: m\n  fix: f\n')
})
