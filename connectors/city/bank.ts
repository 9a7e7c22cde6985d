import { outsiderSql } from './enterprise.ts'
import { monthsSql, salesLevelSql } from './month.ts'
import type { Profile } from './profile.ts'
import { choiceSql, logisticSql, moneySql, normalSql, uniformSql } from './random.ts'

/**
 * What a bank holds of its borrowers. None of it enters the domain in the clear: these are the files at the bank's own
 * side of alignment and joint training. A tenth of its customers is of the neighbouring city, and of a few the code is
 * mistyped, so that alignment has customers to miss.
 */
export const bankTables = ['bank_customer', 'bank_loan_sample', 'bank_behaviour_month'] as const

/** Before the queries of `bankSql`: who borrows. Run after the city's own setup. */
export const bankSetupSql = (profile: Profile, seed: number): readonly string[] => [
  `CREATE TABLE city_borrower AS SELECT * EXCLUDE (uscc), ${codeSql()} AS uscc, distress > 0 AS is_distressed FROM (
  SELECT *, ${uniformSql('key', 701)} AS u_spoilt FROM (
    SELECT * EXCLUDE (whale_sales), true AS is_local FROM city_enterprise UNION ALL
    SELECT *, false FROM (${outsiderSql(profile, seed)}))
  WHERE life = 'active' AND NOT is_planted
    AND ${uniformSql('key', 700)} < ${logisticSql(`${scientific(profile.penetration)} + 35e-2 * s + 3e-1 * q + 25e-2 * l`)})
ORDER BY i`,
  `CREATE TABLE city_loan AS ${loansSql(profile)} ORDER BY i`,
]

export const bankSql = (
  profile: Profile,
): Readonly<Record<(typeof bankTables)[number], string>> => ({
  bank_customer: `SELECT uscc, cust_id, ${choiceSql('u_segment', segments)} AS segment, since
FROM (SELECT *, ${uniformSql('key', 702)} AS u_segment, greatest(established + 30, disbursed_at - CAST(floor(2e3 * ${uniformSql('key', 703)}) AS INTEGER)) AS since FROM city_loan)`,
  bank_loan_sample: sampleSql,
  bank_behaviour_month: behaviourSql(profile),
})

const scientific = (value: number): string => value.toExponential()

/** The last character of one code in two hundred is another one. */
const codeSql = (): string =>
  `CASE WHEN u_spoilt < 5e-3 THEN substr(uscc, 1, 17) || CASE WHEN ends_with(uscc, '7') THEN '8' ELSE '7' END ELSE uscc END`

const segments = [
  { value: '小微', weight: 78 },
  { value: '中型', weight: 17 },
  { value: '大型', weight: 5 },
]
const products = [
  { value: '信用贷', weight: 30 },
  { value: '银税互动', weight: 25 },
  { value: '担保贷', weight: 25 },
  { value: '抵押贷', weight: 20 },
]
const terms = [
  { value: '12', weight: 60 },
  { value: '24', weight: 15 },
  { value: '36', weight: 25 },
]
const methods = [
  { value: '按月付息到期还本', weight: 55 },
  { value: '等额本息', weight: 35 },
  { value: '随借随还', weight: 10 },
]

/**
 * A loan a borrower, observed on 2024-12-31, with the year 2025 as its performance: bad is 90 days past due or worse.
 * Loans of the last quarter are the sample out of time; of the others seven in ten train and three test.
 */
const loansSql = (profile: Profile): string => {
  const trouble = `CASE WHEN is_distressed THEN 185e-2 * least(22e-1, 55e-2 * distress + 25e-2 * (${profile.months} - onset) / 12e0) ELSE 0e0 END`
  const odds =
    `${scientific(profile.defaultLevel)} - 8e-1 * q + 78e-2 * l - 5e-1 * g + ${trouble} + ` +
    `CASE WHEN section = 'E' THEN 3e-1 ELSE 0e0 END + CASE WHEN established > DATE '2022-12-31' THEN 3e-1 ELSE 0e0 END`
  const drawn = [704, 705, 706, 707, 708, 709, 710, 711].map(
    (salt, at) => `${uniformSql('key', salt)} AS u_${at}`,
  )
  const noise = [720, 721, 722, 723, 724, 725].map(
    (salt, at) => `${normalSql('key', salt)} AS z_${at}`,
  )
  const ill = `CASE WHEN is_distressed THEN 5e-1 + 3e-1 * distress ELSE 0e0 END`
  return `SELECT *, 'C' || lpad(CAST(i AS VARCHAR), 9, '0') AS cust_id,
  u_0 < ${logisticSql(odds)} AS is_bad, ${logisticSql(odds)} AS default_probability,
  greatest(established + 60, DATE '2023-01-01' + CAST(floor(u_1 * 731) AS INTEGER)) AS disbursed_at,
  exp(38e-1 + 45e-2 * s + 3e-1 * l + 5e-1 * z_0) AS amount,
  ${logisticSql('2e-1 + 6e-1 * l - 25e-2 * q + 8e-1 * ill + 12e-1 * z_1')} AS utilisation,
  greatest(0, CAST(floor(exp(2e-1 + 25e-2 * l + 35e-2 * ill + 7e-1 * z_2)) AS INTEGER)) AS inquiries,
  1 + CAST(floor(exp(-1e-1 + 25e-2 * l + 2e-1 * s + 5e-1 * z_3)) AS INTEGER) AS lenders,
  CASE WHEN u_2 < ${logisticSql('-28e-1 - 3e-1 * q + 3e-1 * l + 14e-1 * ill')} THEN 1 + CAST(floor(exp(44e-1 * sqrt(u_3))) AS INTEGER) ELSE 0 END AS days_past_due
FROM (SELECT *, ${ill} AS ill, ${drawn.join(', ')}, ${noise.join(', ')} FROM city_borrower)`
}

/** 贷款样本. The label is empty where it is not to be known: 30 to 89 days past due is neither good nor bad. */
const sampleSql = `SELECT 'L' || lpad(CAST(i AS VARCHAR), 9, '0') AS loan_id, cust_id, uscc, product, disbursed_at,
  DATE '2024-12-31' AS obs_date, CAST(round(amount, 2) AS DECIMAL(18,2)) AS amount_wan, term_m,
  CAST(round(36e-1 + 8e-2 * l - 1e-1 * q + 9e-1 * abs(z_4) + 8e-2 * inquiries, 2) AS DECIMAL(5,2)) AS rate_pct,
  CASE product WHEN '抵押贷' THEN 'MORTGAGE' WHEN '担保贷' THEN 'GUARANTEE' ELSE 'CREDIT' END AS collateral,
  repay_method, CAST(round(amount * utilisation, 2) AS DECIMAL(18,2)) AS outstanding_wan,
  CASE WHEN score > 12e-1 THEN 'A' WHEN score > 0e0 THEN 'B' WHEN score > -12e-1 THEN 'C' ELSE 'D' END AS internal_rating,
  least(89, days_past_due) AS max_dpd_12m_before, CASE WHEN days_past_due > 30 THEN '关注' ELSE '正常' END AS five_class_before,
  CASE WHEN is_bad THEN 1 WHEN u_6 < 3e-2 THEN NULL ELSE 0 END AS label_bad_12m, '2025-01-01/2025-12-31' AS label_window,
  CASE WHEN disbursed_at >= DATE '2024-10-01' THEN 'OOT' WHEN u_7 < 7e-1 THEN 'TRAIN' ELSE 'TEST' END AS sample_split,
  1 AS weight, false AS reject_flag
FROM (SELECT *, 5e-1 * q - 5e-1 * l + 11e-1 * z_4 AS score, ${choiceSql('u_4', products)} AS product, ${choiceSql('u_5', methods)} AS repay_method,
  CAST(${choiceSql('u_3', terms)} AS INTEGER) AS term_m FROM city_loan)`

/** 客户行为: a row a borrower and month. */
const behaviourSql = (profile: Profile): string => {
  const sales = `employees * exp(${salesLevelSql()} + 12e-3 * g * t + 3e-1 * shock - decline)`
  return `SELECT cust_id, uscc, period, ${moneySql('sales * exp(-2e0 + 1e-1 * q - 2e-1 * l + 9e-1 * z_5)')} AS avg_deposit,
  ${moneySql('sales * (4e-1 + 3e-1 * u_buyers)')} AS inflow, ${moneySql('sales * (4e-1 + 3e-1 * u_red)')} AS outflow,
  greatest(0, CAST(round(employees * exp(-decline) * (5e-1 + 4e-1 * u_share)) AS INTEGER)) AS payroll_count,
  CAST(round(least(1e0, utilisation * exp(5e-2 * staff_shock)), 4) AS DECIMAL(5,4)) AS utilisation,
  inquiries AS inquiries_6m, lenders AS lender_count,
  CASE WHEN z_2 > 1e0 THEN ${moneySql('amount * z_2 * 1e4')} ELSE CAST(0 AS DECIMAL(18,2)) END AS guarantee_exposure
FROM (SELECT *, ${sales} AS sales FROM (${monthsSql(profile, 'city_loan')}))`
}
