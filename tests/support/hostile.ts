import type { StubTable } from '../../sandbox/query/check.ts'
import { typeSql, type DataType } from '../../policies/relation/type.ts'

/** Values that break things, a list for each type; NULL is the first of each. */
const hostile: readonly (readonly [DataType, readonly string[]])[] = [
  [{ id: 'BOOLEAN' }, ['true', 'false']],
  [{ id: 'TINYINT' }, ['0', '1', '-1', '127', '-128']],
  [{ id: 'INTEGER' }, ['0', '1', '-1', '2147483647', '-2147483648', '13', '400']],
  [
    { id: 'BIGINT' },
    ['0', '1', '-1', '9223372036854775807', '-9223372036854775808', '4611686018427387905', '29'],
  ],
  [
    { id: 'HUGEINT' },
    [
      '0',
      '1',
      '-1',
      '170141183460469231731687303715884105727',
      '-170141183460469231731687303715884105728',
      '99999999999999999999999999999999999999',
    ],
  ],
  [
    { id: 'DECIMAL', width: 18, scale: 2 },
    ['0', '0.01', '-0.01', '9999999999999999.99', '-9999999999999999.99', '2.50'],
  ],
  [
    { id: 'DECIMAL', width: 38, scale: 10 },
    [
      '0',
      '0.0000000001',
      '9999999999999999999999999999.9999999999',
      '-9999999999999999999999999999.9999999999',
    ],
  ],
  [{ id: 'DECIMAL', width: 4, scale: 4 }, ['0', '0.9999', '-0.9999', '0.0001']],
  [
    { id: 'DOUBLE' },
    [
      '0',
      '-0.0',
      '1',
      '-1',
      '0.5',
      '1.7976931348623157e308',
      '-1.7976931348623157e308',
      '5e-324',
      'inf',
      '-inf',
      'nan',
      '1e19',
    ],
  ],
  [
    { id: 'VARCHAR' },
    [
      '',
      ' ',
      '0',
      '-1',
      'abc',
      '企业',
      'e\u0301',
      '🏭',
      '%',
      '(((',
      '\\',
      "'",
      '2024-02-30',
      '2024-02-29',
      '1e400',
      'x'.repeat(3000),
    ],
  ],
  [
    { id: 'DATE' },
    [
      '1970-01-01',
      '0001-01-01',
      '9999-12-31',
      '2024-02-29',
      'infinity',
      '-infinity',
      '5881580-07-10',
      '5877642-06-25 (BC)',
    ],
  ],
  [
    { id: 'TIMESTAMP' },
    [
      '1970-01-01 00:00:00',
      '0001-01-01 00:00:00',
      '9999-12-31 23:59:59.999999',
      'infinity',
      '294247-01-10 04:00:54.775806',
      '290309-12-22 (BC) 00:00:00',
    ],
  ],
]

export const hostileTypes: readonly DataType[] = hostile.map(([type]) => type)
const name = (type: DataType): string =>
  typeSql(type).toLowerCase().replaceAll(/\W+/g, '_').replace(/_$/, '')

/** The column of a type that takes its values in step with the first, second or third index of a row. */
export const hostileColumn = (type: DataType, place: number): string =>
  `${'abc'[place] ?? 'c'}_${name(type)}`

export const hostileTable: StubTable = {
  dataset: 'hostile',
  columns: [0, 1, 2].flatMap((place) =>
    hostileTypes.map((type) => ({ name: hostileColumn(type, place), type })),
  ),
}

const size = Math.max(...hostile.map(([, values]) => values.length)) + 1

/** SQL that makes the table: a row for every pair of values of any two types. */
export const createHostile = (): string => {
  const lists = hostile.map(
    ([type, values]) =>
      `CAST([NULL, ${values.map((value) => `'${value.replaceAll("'", "''")}'`).join(', ')}] AS ${typeSql(type)}[])`,
  )
  const at = (index: string): string[] =>
    hostile.map(
      ([type, values], position) =>
        `(${lists[position]})[1 + (${index}) % ${values.length + 1}] AS ${hostileColumn(type, 'ijk'.indexOf(index[0] ?? 'i'))}`,
    )
  return `CREATE TABLE hostile AS SELECT ${[...at('i'), ...at('j'), ...at('k')].join(', ')}
    FROM (SELECT i, j, (i * 7 + j * 3) % ${size} AS k FROM range(${size}) AS a(i), range(${size}) AS b(j))`
}
