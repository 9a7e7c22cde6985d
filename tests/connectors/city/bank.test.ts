import { afterAll, beforeAll, expect, test } from 'vitest'
import { bankSetupSql, bankSql, bankTables } from '../../../connectors/city/bank.ts'
import { cityOf } from '../../../connectors/city/city.ts'
import { profiles, referenceSeed } from '../../../connectors/city/profile.ts'
import { usccSql } from '../../../connectors/standards/uscc.ts'
import { openDuck } from '../../support/duck.ts'
import { aucOf, trainedAuc } from '../../support/logistic.ts'

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

/** What the bank sees of a borrower, and what the departments see, as numbers; and how each loan ended. */
const featuresSql = `WITH b AS (SELECT cust_id, ln(1 + avg(avg_deposit) FILTER (period >= DATE '2024-07-01')) AS deposit,
    avg(utilisation) AS used, max(inquiries_6m) AS inquiries, max(lender_count) AS lenders FROM bank_behaviour_month GROUP BY 1),
  t AS (SELECT uscc, ln((sum(taxable_sales) FILTER (period >= DATE '2024-10-01') + 1) / (sum(taxable_sales) FILTER (period BETWEEN DATE '2024-07-01' AND DATE '2024-09-30') + 1)) AS qoq,
    ln((sum(taxable_sales) FILTER (period >= DATE '2024-07-01') + 1) / (sum(taxable_sales) FILTER (period < DATE '2024-07-01') + 1)) AS half,
    sum(CAST(late_days > 0 AS INTEGER)) AS late, ln(1 + sum(taxable_sales)) AS sales,
    stddev(taxable_sales) / (1 + avg(taxable_sales)) AS cv FROM tax GROUP BY 1),
  s AS (SELECT uscc, ln((avg(headcount) FILTER (period >= DATE '2024-10-01') + 1) / (avg(headcount) FILTER (period < DATE '2024-04-01') + 1)) AS staff,
    sum(CAST(is_overdue AS INTEGER)) AS overdue FROM si GROUP BY 1),
  i AS (SELECT uscc, sum(red_count) / sum(out_count) AS red, ln(sum(buyer_count) FILTER (period >= DATE '2024-07-01') / sum(buyer_count) FILTER (period < DATE '2024-07-01')) AS buyers FROM invoice GROUP BY 1),
  h AS (SELECT uscc, count(*) AS changes FROM changed GROUP BY 1),
  c AS (SELECT uscc, count(*) FILTER (party_role = '被告') AS sued, count(*) FILTER (party_role = '被执行人') AS enforced FROM court GROUP BY 1)
SELECT CAST(label_bad_12m AS DOUBLE), sample_split = 'TRAIN',
  [used, least(2, max_dpd_12m_before // 30), deposit, inquiries, lenders, rate_pct, ln(amount_wan)] AS bank,
  [staff, half, qoq, CASE grade WHEN 'A' THEN 2 WHEN 'B' THEN 1 WHEN 'M' THEN 0 WHEN 'C' THEN -1 ELSE -2 END, late,
    coalesce(enforced, 0), coalesce(sued, 0), overdue, cv, sales, coalesce(changes, 0), coalesce(red, 0), coalesce(buyers, 0)] AS public,
  [ln(amount_wan * 1e4) - sales] AS across, default_probability
FROM bank_loan_sample l JOIN b USING (cust_id) JOIN t USING (uscc) JOIN s USING (uscc) JOIN rating USING (uscc)
  LEFT JOIN c USING (uscc) LEFT JOIN i USING (uscc) LEFT JOIN h USING (uscc) JOIN (SELECT cust_id, default_probability FROM city_loan) USING (cust_id)
WHERE label_bad_12m IS NOT NULL AND sample_split <> 'OOT'`

test('public and bank features together foretell default better than either does alone', async () => {
  const city = cityOf(profiles.ci, referenceSeed)
  for (const [name, dataset] of [
    ['tax', 'tax_declaration'],
    ['si', 'si_contribution'],
    ['court', 'court_case'],
    ['rating', 'tax_rating'],
    ['invoice', 'tax_invoice_month'],
    ['changed', 'ent_change'],
  ] as const)
    await duck.run(`CREATE TABLE ${name} AS ${city.table(dataset)}`)
  const loans = (
    await duck.rows(
      `SELECT * REPLACE (CAST(bank AS JSON) AS bank, CAST(public AS JSON) AS public, CAST(across AS JSON) AS across) FROM (${featuresSql})`,
    )
  ).map(([bad, isTrain, bank, known, across, probability]) => ({
    bad: Number(bad),
    isTrain: isTrain === 'true',
    bank: JSON.parse(bank ?? '[]') as number[],
    known: JSON.parse(known ?? '[]') as number[],
    across: JSON.parse(across ?? '[]') as number[],
    probability: Number(probability),
  }))
  const [train, tested] = [true, false].map((part) =>
    loans.filter(({ isTrain }) => isTrain === part),
  )
  const auc = (of: (loan: (typeof loans)[number]) => number[]): number => {
    const [fitted, judged] = [train!, tested!].map((part) => ({
      x: part.map(of),
      y: part.map(({ bad }) => bad),
    }))
    return trainedAuc(fitted!, judged!)
  }
  const [bank, known] = [auc((loan) => loan.bank), auc((loan) => loan.known)]
  const joint = auc((loan) => [...loan.bank, ...loan.known, ...loan.across])
  const best = aucOf(
    tested!.map(({ probability }) => probability),
    tested!.map(({ bad }) => bad),
  )
  expect(joint).toBeGreaterThanOrEqual(0.78)
  expect(joint - Math.max(bank, known)).toBeGreaterThanOrEqual(0.02)
  expect(best).toBeGreaterThan(joint)
})
