import { DuckDBInstance } from '@duckdb/node-api'
import { expect, test } from 'vitest'
import { call, compare, literal } from '../../../policies/relation/build.ts'
import type { Expr } from '../../../policies/relation/expression.ts'
import type { Tree } from '../../../policies/relation/tree.ts'
import { BIGINT, VARCHAR, type DataType } from '../../../policies/relation/type.ts'
import { emitExpr, emitTree } from '../../../sandbox/query/emit.ts'
import { quoteName } from '../../../sandbox/query/render.ts'

const run = async (setup: string, sql: string): Promise<unknown[][]> => {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  await connection.run(setup)
  const rows = (await connection.runAndReadAll(sql)).getRowsJson()
  instance.closeSync()
  return rows
}
const column = (index: number, type: DataType): Expr => ({ op: 'column', index, type })
const tableSql = (dataset: string): string => `main.${quoteName(dataset)}`

const countsOfDistricts: Tree = {
  nodes: [
    {
      op: 'scan',
      dataset: 'enterprise',
      columns: [
        { name: 'district', type: VARCHAR },
        { name: 'staff', type: BIGINT },
      ],
    },
    {
      op: 'filter',
      input: 0,
      predicate: compare('>', column(1, BIGINT), literal('1', BIGINT)),
    },
    {
      op: 'aggregate',
      input: 1,
      keys: [0],
      measures: [
        { name: 'count_star', args: [], distinct: false, type: BIGINT },
        { name: 'sum', args: [column(1, BIGINT)], distinct: false, type: { id: 'HUGEINT' } },
      ],
    },
    {
      op: 'sort',
      input: 2,
      orders: [{ expr: column(1, BIGINT), descending: true, nullsFirst: false }],
    },
    { op: 'limit', input: 3, limit: 1 },
  ],
  names: ['district', 'n', 'staff'],
}

test('a tree becomes one statement, a common table expression a node', async () => {
  const setup = `CREATE TABLE enterprise(district VARCHAR, staff BIGINT);
    INSERT INTO enterprise VALUES ('浦东', 5), ('浦东', 7), ('静安', 9), ('静安', 1)`
  expect(await run(setup, emitTree(countsOfDistricts, tableSql))).toEqual([['浦东', '2', '12']])
})

test('a node with two users is computed once', () => {
  const shared: Tree = {
    ...countsOfDistricts,
    nodes: [
      ...countsOfDistricts.nodes.slice(0, 3),
      { op: 'join', kind: 'inner', left: 2, right: 2, on: [] },
    ],
  }
  expect(emitTree(shared, tableSql).match(/AS MATERIALIZED/g)).toHaveLength(1)
})

test('sums of integers that overflow have no value, and do not fail', async () => {
  const sum = call('+', [column(0, BIGINT), literal('1', BIGINT)], BIGINT)
  const sql = `SELECT ${emitExpr(sum, () => 'x')} FROM (VALUES (9223372036854775807), (4)) AS t(x)`
  expect(await run('SELECT 1', sql)).toEqual([[null], ['5']])
})

test('a literal stays a literal, whatever stands in it', async () => {
  const sql = `SELECT ${emitExpr(literal(`'); DROP TABLE x; --\\`, VARCHAR), () => '')}`
  expect(await run('SELECT 1', sql)).toEqual([[`'); DROP TABLE x; --\\`]])
})
