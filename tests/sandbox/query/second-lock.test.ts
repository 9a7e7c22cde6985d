import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { typeSql } from '../../../policies/relation/type.ts'
import { emitTree } from '../../../sandbox/query/emit.ts'
import { quoteName } from '../../../sandbox/query/render.ts'
import { checkEmitted } from '../../../sandbox/query/second-lock.ts'
import { check, cityTables } from '../../support/checker.ts'

let connection: DuckDBConnection
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect()
  for (const { dataset, columns } of cityTables) {
    const list = columns.map(({ name, type }) => `${quoteName(name)} ${typeSql(type)}`)
    await connection.run(`CREATE TABLE ${quoteName(dataset)} (${list.join(', ')})`)
  }
})
afterAll(() => connection.closeSync())

const question = `SELECT e.district, count(*) AS n, sum(t.amount * 2) AS paid
  FROM enterprise e JOIN tax t ON e.uscc = t.uscc
  WHERE t.late_days > 3 AND e.founded >= '2015-01-01' GROUP BY 1 HAVING count(*) > 2 ORDER BY n LIMIT 5`

const differences = async (change: (sql: string) => string): Promise<readonly string[]> => {
  const outcome = await check(question)
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusals))
  const emitted = emitTree(outcome.value, quoteName)
  const sql = change(emitted)
  const call = 'SELECT json_serialize_plan($1::VARCHAR, optimize := false)'
  const rows = (await connection.runAndReadAll(call, [sql])).getRows()
  return checkEmitted(outcome.value, String(rows[0]?.[0]))
}

test('a statement that is its tree passes', async () => {
  expect(await differences((sql) => sql)).toEqual([])
})

test.each([
  ['another table', '"tax"', '"insurance_as_tax"'],
  ['another column', 't."late_days"', 't."uscc"'],
  ['another literal', "CAST('3' AS BIGINT)", "CAST('4' AS BIGINT)"],
  ['another comparison', ' > CAST(', ' >= CAST('],
  ['a condition that is gone', /WHERE \(t\.c\d >= CAST\('2015-01-01' AS DATE\)\)/, ''],
  ['another function', '"sum"', '"max"'],
  ['a measure over distinct values', '"sum"(', '"sum"(DISTINCT '],
  ['another join', 'INNER JOIN', 'LEFT JOIN'],
  ['a cast that may fail', 'TRY_CAST', 'CAST'],
  ['another limit', 'LIMIT 5', 'LIMIT 50'],
  ['another order', ' ASC ', ' DESC '],
  ['other grouping', /GROUP BY .*$/m, ''],
  ['more rows', /$/, ' OFFSET 1'],
  ['a function of our own name', '"sum"', '"nosuch"'],
])('a statement with %s is found', async (_, from, to) => {
  await connection.run('CREATE TABLE IF NOT EXISTS "insurance_as_tax" AS SELECT * FROM tax')
  const changed = await differences((sql) => {
    const other = sql.replace(from, to)
    expect(other).not.toBe(sql)
    return other
  })
  expect(changed.length).toBeGreaterThan(0)
})
