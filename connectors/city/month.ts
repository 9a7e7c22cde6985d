import { sections } from './places.ts'
import { whaleEnterprises } from './planted.ts'
import { firstMonth, type Profile } from './profile.ts'
import { logisticSql, mixSql, normalSql, uniformSql } from './random.ts'

/** Odd, so that months of one enterprise have different words. */
const monthStep = 2_246_822_519
/** Spring festival and year's end, as natural logarithms. */
const seasons = [-0.05, -0.3, 0, 0, 0.02, 0.05, 0, 0, 0.05, 0, 0.08, 0.2]

/** Rows of the months in which an enterprise still is, with what happens in that month. */
export const monthSql = ({ months }: Profile): string =>
  `CREATE TABLE city_month AS
SELECT *, CASE WHEN t >= onset THEN 15e-2 * distress * (t - onset + 1) ELSE 0e0 END AS decline,
  ${normalSql('month_key', 201)} AS shock, ${normalSql('month_key', 202)} AS staff_shock,
  ${uniformSql('month_key', 203)} AS u_late, -ln(${uniformSql('month_key', 204)}) AS lateness,
  ${uniformSql('month_key', 205)} AS u_zero, ${uniformSql('month_key', 206)} AS u_overdue,
  ${uniformSql('month_key', 207)} AS u_burden
FROM (SELECT *, ${mixSql('month_word')} AS month_key
FROM (SELECT e.*, t, xor(key, (t + 1) * ${monthStep} % 4294967296) AS month_word,
  CAST(DATE '${firstMonth}' + to_months(CAST(t AS INTEGER)) AS DATE) AS period
FROM city_enterprise e, range(${months}) m(t) WHERE t < exit_month))`

/** Taxable sales of a month, before the whales, whose sales are twice those of all others of their cell together. */
export const salesSql = (seed: number): readonly string[] => {
  const sector = sections.map(({ code, sales }) => `WHEN '${code}' THEN ${sales}e0`).join(' ')
  const season = seasons.map((value, t) => `WHEN ${t} THEN ${value}e0`).join(' ')
  const level = `10e0 + 25e-2 * q + (CASE section ${sector} END) + 4e-1 * efficiency`
  const path = `12e-3 * g * t + 3e-1 * shock + (CASE t % 12 ${season} END) - decline`
  const whales = whaleEnterprises(seed).map(({ number }) => number)
  const isWhale = `i IN (${whales.join(', ')})`
  return [
    `CREATE TABLE city_sales AS SELECT i, t, uscc, district, section, period, is_small, q, lateness, u_late, u_burden,
  t >= onset AS is_late_on, CAST(CASE WHEN life = 'dormant' OR (u_zero < 3e-2 AND NOT is_planted) THEN 0
    ELSE round(employees * exp(${level} + ${path}), 2) END AS DECIMAL(18,2)) AS own_sales
FROM city_month`,
    `CREATE TABLE city_whale AS SELECT w.i, w.t, 2 * sum(o.own_sales) AS sales
FROM city_sales w JOIN city_sales o ON o.district = w.district AND o.section = w.section AND o.t = w.t
WHERE w.${isWhale} AND NOT o.${isWhale} GROUP BY w.i, w.t`,
  ]
}

/** 纳税申报: a row an enterprise and month. Small taxpayers up to 100,000 yuan a month are exempt. */
export const taxSql = (): string => {
  const late = `u_late < ${logisticSql('-3e0 - 5e-1 * q + CASE WHEN is_late_on THEN 15e-1 ELSE 0e0 END')}`
  return `SELECT uscc, period, sales AS taxable_sales,
  CAST(CASE WHEN is_small AND sales <= 100000 THEN 0 WHEN is_small THEN round(CAST(sales AS DOUBLE) * 1e-2, 2)
    ELSE round(CAST(sales AS DOUBLE) * (1e-2 + 3e-2 * u_burden), 2) END AS DECIMAL(18,2)) AS tax_paid,
  CASE WHEN ${late} THEN least(90, 1 + CAST(floor(9e0 * lateness) AS INTEGER)) ELSE 0 END AS late_days,
  sales = 0 AS is_zero
FROM (SELECT s.*, CAST(coalesce(w.sales, own_sales) AS DECIMAL(18,2)) AS sales
  FROM city_sales s LEFT JOIN city_whale w ON w.i = s.i AND w.t = s.t)
ORDER BY i, t`
}

/** 社保单位缴费: a row an enterprise with staff and month. */
export const insuranceSql = (): string => {
  const overdue = `u_overdue < ${logisticSql('-49e-1 - 5e-1 * q + CASE WHEN t >= onset THEN 19e-1 ELSE 0e0 END')}`
  return `SELECT uscc, period, headcount,
  CAST(round(headcount * 6800 * exp(12e-2 * q + 1e-1 * efficiency), 2) AS DECIMAL(18,2)) AS base_amount,
  ${overdue} AS is_overdue
FROM (SELECT *, greatest(1, CAST(round(employees * exp(9e-3 * g * t + 6e-2 * staff_shock - decline)) AS INTEGER)) AS headcount
  FROM city_month WHERE life <> 'dormant')
ORDER BY i, t`
}
