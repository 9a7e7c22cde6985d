import { employersSql, staffSql, wageSql } from './month.ts'
import { otherPersons, residentIdSql } from './person.ts'
import type { Profile } from './profile.ts'
import { choiceSql, logisticSql, mixSql, moneySql, normalSql, uniformSql } from './random.ts'

const rates = [
  { value: '12', weight: 55 },
  { value: '5', weight: 20 },
  { value: '8', weight: 15 },
  { value: '10', weight: 6 },
  { value: '7', weight: 4 },
]

const memberSql = `${uniformSql('key', 640)} < ${logisticSql('-9e-1 + 9e-1 * s + 35e-2 * q')}`
const rateSql = choiceSql('u_rate', rates)

/** 公积金单位缴存: a row an enterprise that takes part and month. Who is in trouble defers. */
export const fundSql = (profile: Profile): string => {
  const members = `(SELECT *, ${uniformSql('key', 641)} AS u_rate FROM ${employersSql} WHERE ${memberSql})`
  return `SELECT uscc, period, headcount, base_amount, rate, ${moneySql('CAST(base_amount AS DOUBLE) * CAST(rate AS DOUBLE) / 5e1')} AS amount,
  CASE WHEN u_overdue < 3e-1 * least(decline, 1e0) THEN '缓缴' WHEN u_overdue < 35e-2 * least(decline, 1e0) THEN '封存' ELSE '正常' END AS status
FROM (SELECT *, CAST(${rateSql} AS INTEGER) AS rate, ${moneySql(`headcount * ${wageSql}`)} AS base_amount FROM (${staffSql(profile, members)}))`
}

/** Personal tables are of the last months alone: a row an employee and month. */
const personMonths = 3
const [floorYuan, capYuan] = [4200, 35_000]

/**
 * Employees of the last months. An employee keeps a place in the enterprise; the places of an enterprise come after those
 * of all before it. Earnings are lognormal around 7,000 yuan, between the floor and the cap of contributions.
 */
const employeesSql = (profile: Profile): string => {
  const enterprises = `(SELECT *, sum(2 * employees) OVER (ORDER BY i ROWS UNBOUNDED PRECEDING) - 2 * employees AS before
  FROM (SELECT *, ${uniformSql('key', 641)} AS u_rate, ${memberSql} AS is_member FROM ${employersSql}) ORDER BY i)`
  const places = `SELECT *, unnest(range(CAST(least(headcount, 2 * employees) AS BIGINT))) AS n
  FROM (${staffSql(profile, enterprises)}) WHERE t >= ${profile.months - personMonths}`
  const keyed = `SELECT *, ${mixSql('person_word')} AS person_key FROM (SELECT *, xor(key, (n + 1) * 2654435769 % 4294967296) AS person_word FROM (${places}))`
  return residentIdSql(
    `SELECT *, ${moneySql(`greatest(${floorYuan}, least(${capYuan}, 7e3 * exp(12e-2 * q + 5e-1 * ${normalSql('person_key', 650)})))`)} AS base,
    ${uniformSql('person_key', 651)} AS u_loan, CAST(${otherPersons(profile)} + ${8 * profile.enterprises} + 9 + before + n AS BIGINT) AS __person
  FROM (${keyed})`,
    'person_id',
  )
}

/** 个人参保. */
export const insuredSql = (profile: Profile): string =>
  `SELECT person_id, uscc, period, base, CASE WHEN u_overdue < 2e-1 * least(decline, 1e0) THEN '中断' ELSE '正常' END AS status
FROM (${employeesSql(profile)})`

/** 个人缴存. */
export const memberAccountSql = (profile: Profile): string =>
  `SELECT person_id, uscc, period, ${moneySql(`CAST(base AS DOUBLE) * CAST(${rateSql} AS DOUBLE) / 5e1`)} AS amount, u_loan < 22e-2 AS has_loan
FROM (${employeesSql(profile)}) WHERE is_member`
