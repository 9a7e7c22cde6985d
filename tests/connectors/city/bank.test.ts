import { afterAll, beforeAll, expect, test } from 'vitest'
import { bankSetupSql, bankSql, bankTables } from '../../../connectors/city/bank.ts'
import { cityOf } from '../../../connectors/city/city.ts'
import { profiles, referenceSeed } from '../../../connectors/city/profile.ts'
import { usccSql } from '../../../connectors/standards/uscc.ts'
import { openDuck } from '../../support/duck.ts'

let duck: Awaited<ReturnType<typeof openDuck>>
/** What the bank of the `ci` city holds. */
beforeAll(async () => {
  duck = await openDuck(2)
  const city = cityOf(profiles.ci, referenceSeed)
  for (const sql of [...city.setup, ...bankSetupSql(profiles.ci, referenceSeed)])
    await duck.run(sql)
  const queries = bankSql(profiles.ci)
  for (const table of bankTables) await duck.run(`CREATE TABLE ${table} AS ${queries[table]}`)
})
afterAll(() => duck.close())

const numberOf = async (sql: string): Promise<number> => Number((await duck.rows(sql))[0]?.[0])
const share = async (of: string, table = 'bank_loan_sample'): Promise<number> =>
  numberOf(`SELECT avg(CAST(${of} AS INTEGER)) FROM ${table}`)

test('about ten thousand loans, seven to eight in a hundred bad, and two hundred of them to test with', async () => {
  const loans = await numberOf('SELECT count(*) FROM bank_loan_sample')
  expect(loans).toBeGreaterThan(9_500)
  expect(loans).toBeLessThan(11_000)
  const bad = await numberOf('SELECT avg(label_bad_12m) FROM bank_loan_sample')
  expect(bad).toBeGreaterThan(0.07)
  expect(bad).toBeLessThan(0.085)
  const tested = await numberOf(
    `SELECT count(*) FROM bank_loan_sample WHERE label_bad_12m = 1 AND sample_split = 'TEST'`,
  )
  expect(tested).toBeGreaterThan(160)
  expect(tested).toBeLessThan(240)
})

test('classes are as frequent as they are said to be', async () => {
  for (const [condition, expected] of [
    [`collateral = 'CREDIT'`, 0.55],
    [`collateral = 'GUARANTEE'`, 0.25],
    [`collateral = 'MORTGAGE'`, 0.2],
    [`sample_split = 'OOT'`, 0.126],
    [`label_bad_12m IS NULL`, 0.028],
  ] as const)
    expect(Math.abs((await share(condition)) - expected), condition).toBeLessThan(0.02)
})

test('loans out of time are those of the last quarter, and every loan is of before its observation', async () => {
  expect(
    await numberOf(`SELECT count(*) FROM bank_loan_sample
      WHERE (sample_split = 'OOT') <> (disbursed_at >= DATE '2024-10-01') OR disbursed_at > obs_date`),
  ).toBe(0)
})

test('nine in ten customers are enterprises of the city, the others of the next one or mistyped', async () => {
  const known = await share('uscc IN (SELECT uscc FROM city_enterprise)', 'bank_customer')
  expect(known).toBeGreaterThan(0.85)
  expect(known).toBeLessThan(0.95)
  const valid = await share(usccSql('uscc'), 'bank_customer')
  expect(valid).toBeGreaterThan(0.99)
  expect(valid).toBeLessThan(1)
  expect(await numberOf('SELECT count(*) - count(DISTINCT uscc) FROM bank_customer')).toBe(0)
})

test('every customer has a loan and a row of behaviour each month', async () => {
  expect(
    await numberOf(`SELECT count(*) FROM bank_customer FULL JOIN bank_loan_sample USING (cust_id)
      WHERE bank_customer.uscc IS DISTINCT FROM bank_loan_sample.uscc`),
  ).toBe(0)
  expect(
    await numberOf(`SELECT count(*) FROM (SELECT cust_id FROM bank_behaviour_month GROUP BY 1
      HAVING max(period) <> DATE '2024-12-01' OR count(*) > 12)`),
  ).toBe(0)
})

test('what the bank sees before tells of what comes after', async () => {
  const [bad, good] = (
    await duck.rows(`SELECT avg(outstanding_wan / amount_wan), avg(rate_pct), avg(max_dpd_12m_before)
      FROM bank_loan_sample WHERE label_bad_12m IS NOT NULL GROUP BY label_bad_12m ORDER BY label_bad_12m DESC`)
  ).map((row) => row.map(Number))
  for (const at of [0, 1, 2]) expect(bad![at]!).toBeGreaterThan(good![at]!)
})
