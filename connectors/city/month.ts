import { sections } from './places.ts'
import { whaleEnterprises } from './planted.ts'
import { firstMonthOf, type Profile } from './profile.ts'
import { logisticSql, mixSql, moneySql, normalSql, uniformSql } from './random.ts'

/** Odd, so that months of one enterprise have different words. */
const monthStep = 2_246_822_519
/** Spring festival and year's end, as natural logarithms. */
const seasons = [-0.05, -0.3, 0, 0, 0.02, 0.05, 0, 0, 0.05, 0, 0.08, 0.2]

/**
 * Rows of the months in which an enterprise of `from` is, with what happens in that month: `t` from 0, `period` its first
 * day. A stream in the order of the enterprises and months: nothing of a panel is ever kept whole in memory.
 */
export const monthsSql = (profile: Profile, from = 'city_enterprise'): string =>
  `SELECT *, CASE WHEN t >= onset THEN 15e-2 * distress * (t - onset + 1) ELSE 0e0 END AS decline,
  ${normalSql('month_key', 201)} AS shock, ${normalSql('month_key', 202)} AS staff_shock,
  ${uniformSql('month_key', 203)} AS u_late, -ln(${uniformSql('month_key', 204)}) AS lateness,
  ${uniformSql('month_key', 205)} AS u_zero, ${uniformSql('month_key', 206)} AS u_overdue,
  ${uniformSql('month_key', 207)} AS u_burden, ${uniformSql('month_key', 208)} AS u_buyers,
  ${uniformSql('month_key', 209)} AS u_share, ${uniformSql('month_key', 210)} AS u_red
FROM (SELECT *, ${mixSql('month_word')} AS month_key
FROM (SELECT *, xor(key, (t + 1) * ${monthStep} % 4294967296) AS month_word,
  CAST(DATE '${firstMonthOf(profile)}' + to_months(CAST(t AS INTEGER)) AS DATE) AS period
FROM (SELECT *, unnest(range(CAST(first_month AS BIGINT), CAST(exit_month AS BIGINT))) AS t FROM ${from})))`

/** Natural logarithm of what an enterprise sells a head and month. */
export const salesLevelSql = (): string => {
  const sector = sections.map(({ code, sales }) => `WHEN '${code}' THEN ${sales}e0`).join(' ')
  return `(10e0 + 25e-2 * q + (CASE section ${sector} END) + 4e-1 * efficiency)`
}

/** `monthsSql` with the sales of the month, before the whales. */
const ownSalesSql = (profile: Profile, from?: string): string => {
  const season = seasons.map((value, t) => `WHEN ${t} THEN ${value}e0`).join(' ')
  const path = `12e-3 * g * t + 3e-1 * shock + (CASE t % 12 ${season} END) - decline`
  return `SELECT *, CAST(CASE WHEN life = 'dormant' OR (u_zero < 3e-2 AND NOT is_planted) THEN 0
    ELSE round(employees * exp(${salesLevelSql()} + ${path}), 2) END AS DECIMAL(18,2)) AS own_sales
FROM (${monthsSql(profile, from)})`
}

/** Gives the whales their sales of all months: twice those of all others of their cell together. */
export const whaleSql = (profile: Profile, seed: number): readonly string[] =>
  whaleEnterprises(seed).map(
    ({ number, district, section }) =>
      `UPDATE city_enterprise SET whale_sales = (SELECT list(sales ORDER BY t) FROM (
  SELECT t, CAST(2 * sum(own_sales) AS DECIMAL(18,2)) AS sales
  FROM (${ownSalesSql(profile, `(FROM city_enterprise WHERE district = '${district}' AND section = '${section}')`)})
  WHERE i <> ${number} GROUP BY t)) WHERE i = ${number}`,
  )

/** `monthsSql` with the taxable sales of the month. */
export const salesSql = (profile: Profile, from?: string): string =>
  `SELECT *, coalesce(whale_sales[t + 1], own_sales) AS sales FROM (${ownSalesSql(profile, from)})`

/** 纳税申报: a row an enterprise and month, all taxes together. Small taxpayers up to 100,000 yuan a month are exempt. */
export const taxSql = (profile: Profile): string => {
  const late = `u_late < ${logisticSql('-3e0 - 5e-1 * q + CASE WHEN t >= onset THEN 15e-1 ELSE 0e0 END')}`
  const owed = `CASE WHEN is_small THEN round(CAST(sales AS DOUBLE) * 1e-2, 2) ELSE round(CAST(sales AS DOUBLE) * (1e-2 + 3e-2 * u_burden), 2) END`
  return `SELECT uscc, period, sales AS taxable_sales, owed - relief AS tax_paid, late_days, sales = 0 AS is_zero,
  owed AS tax_payable, relief AS tax_relief, CAST(period + to_months(1) AS DATE) + 14 AS due_at,
  CAST(period + to_months(1) AS DATE) + 14 - CASE WHEN late_days = 0 THEN CAST(floor(10e0 * u_zero) AS INTEGER) ELSE -late_days END AS declared_at
FROM (SELECT *, CASE WHEN is_small AND sales <= 100000 THEN owed ELSE CAST(0 AS DECIMAL(18,2)) END AS relief
FROM (SELECT *, CAST(${owed} AS DECIMAL(18,2)) AS owed,
  CASE WHEN ${late} THEN least(90, 1 + CAST(floor(9e0 * lateness) AS INTEGER)) ELSE 0 END AS late_days
FROM (${salesSql(profile)})))`
}

/** 开票汇总: a row an enterprise that does business and month. Who is in trouble sells to fewer and takes more back. */
export const invoiceSql = (profile: Profile): string => {
  const count = `greatest(1, CAST(round(CAST(sales AS DOUBLE) / exp(83e-1 + 3e-1 * efficiency)) AS BIGINT))`
  const buyers = `least(out_count, greatest(1, CAST(round(pow(out_count, 7e-1) * exp(2e-1 * q - 3e-1 * decline)) AS BIGINT)))`
  const red = `CAST(floor(out_count * 3e-2 * exp(8e-1 * decline) * u_red + u_red) AS BIGINT)`
  const top = `(1e0 / buyer_count + (1e0 - 1e0 / buyer_count) * 5e-1 * u_share * u_share)`
  return `SELECT uscc, period, sales AS out_amount, out_count, least(out_count, red_count) AS red_count,
  CAST(floor(out_count * 1e-2 * u_overdue + u_overdue) AS BIGINT) AS void_count, buyer_count,
  greatest(1, CAST(round(pow(out_count, 55e-2)) AS BIGINT)) AS supplier_count,
  CAST(round(top_share, 4) AS DECIMAL(5,4)) AS top_buyer_share,
  CAST(round(least(1e0, least(5e0 * top_share, top_share + (1e0 - top_share) * (35e-2 + 5e-1 * u_buyers))), 4) AS DECIMAL(5,4)) AS top5_buyers_share,
  ${moneySql('CAST(sales AS DOUBLE) * exp(-3e-1 + 15e-2 * staff_shock)')} AS in_amount
FROM (SELECT *, ${top} AS top_share FROM (SELECT *, ${buyers} AS buyer_count, ${red} AS red_count
FROM (SELECT *, ${count} AS out_count FROM (${salesSql(profile)}) WHERE sales > 0)))`
}

/** Enterprises with staff. */
export const employersSql = `(FROM city_enterprise WHERE life <> 'dormant')`

/** `monthsSql` with the people employed in the month. */
export const staffSql = (profile: Profile, from = employersSql): string =>
  `SELECT *, greatest(1, CAST(round(employees * exp(9e-3 * g * t + 6e-2 * staff_shock - decline)) AS INTEGER)) AS headcount
FROM (${monthsSql(profile, from)})`

/** What people of an enterprise earn in a month, as the base of their contributions. */
export const wageSql = `6800 * exp(12e-2 * q + 1e-1 * efficiency)`

/** 社保单位缴费: a row an enterprise with staff and month, all insurances together. */
export const insuranceSql = (profile: Profile): string => {
  const overdue = `u_overdue < ${logisticSql('-49e-1 - 5e-1 * q + CASE WHEN t >= onset THEN 19e-1 ELSE 0e0 END')}`
  return `SELECT uscc, period, headcount, base_amount, is_overdue, payable,
  CASE WHEN is_overdue THEN CAST(0 AS DECIMAL(18,2)) ELSE payable END AS paid,
  CASE WHEN is_overdue THEN 1 + CAST(floor(lateness) AS INTEGER) ELSE 0 END AS overdue_months
FROM (SELECT *, CAST(round(CAST(base_amount AS DOUBLE) * 325e-3, 2) AS DECIMAL(18,2)) AS payable
FROM (SELECT *, ${moneySql(`headcount * ${wageSql}`)} AS base_amount, ${overdue} AS is_overdue FROM (${staffSql(profile)})))`
}
