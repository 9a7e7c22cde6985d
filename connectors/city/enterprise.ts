import { organisationCheckSql, usccCheckSql } from '../standards/uscc.ts'
import { districts, sections } from './places.ts'
import {
  markedEnterprises,
  rareEnterprises,
  serialCount,
  serialStart,
  serialStep,
  whaleEnterprises,
} from './planted.ts'
import { firstMonthOf, registryDay, type Profile } from './profile.ts'
import { choiceSql, logisticSql, mixSql, normalSql, seedWord, uniformSql } from './random.ts'

/**
 * What is true of each enterprise, of which the departments' tables are what is seen: quality q, growth g, size s,
 * leverage l, life, distress with its first month and severity, people employed. Coefficients are those of the project's
 * notes on the domain, fitted so that public and bank features together predict default better than either does.
 */
export const enterpriseSql = (profile: Profile, seed: number): string =>
  `CREATE TABLE city_enterprise AS SELECT *, CAST(NULL AS DECIMAL(18,2)[]) AS whale_sales
FROM (${rangeSql(profile, seed, { from: 1, to: profile.enterprises, district: undefined })})`

/** Enterprises of the neighbouring city, numbered on: they bank here and are in no table of the departments. */
export const outsiderSql = (profile: Profile, seed: number): string => {
  const to = profile.enterprises + Math.floor(profile.enterprises / 9)
  return rangeSql(profile, seed, { from: profile.enterprises + 1, to, district: '890201' })
}

type Range = { readonly from: number; readonly to: number; readonly district: string | undefined }

const keptColumns =
  'i, key, q, g, s, l, efficiency, district, section, u_class, life, exit_month, first_month, onset, distress, ' +
  'employees, established, is_planted, is_small'

const rangeSql = (profile: Profile, seed: number, { from, to, district }: Range): string =>
  `SELECT * EXCLUDE (__code), __code || ${usccCheckSql()} AS uscc
FROM (SELECT * REPLACE (__code || ${organisationCheckSql(9)} AS __code)
FROM (SELECT ${keptColumns}, '91' || district || 'MA' || ${serialSql(seed)} AS __code
FROM (SELECT *, ${lifeSql(profile)}
FROM (SELECT *${district === undefined ? '' : ` REPLACE ('${district}' AS district)`}
FROM (SELECT *, ${plantedSql(seed)}
FROM (SELECT i, key, ${drawsSql()}
FROM (SELECT i, ${mixSql(`xor(word, ${seedWord(seed)})`)} AS key
FROM (SELECT i, ${mixSql('i')} AS word FROM range(${from}, ${to + 1}) t(i))))))))) ORDER BY i`

const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'

const serialSql = (seed: number): string => {
  const serial = `((i + ${serialStart(seed)}) * ${serialStep} % ${serialCount})`
  return [5, 4, 3, 2, 1, 0]
    .map((power) => `substr('${alphabet}', 1 + (${serial} // ${31 ** power}) % 31, 1)`)
    .join(' || ')
}

const drawsSql = (): string =>
  [
    `${normalSql('key', 1)} AS q`,
    `${normalSql('key', 2)} AS zg`,
    `${normalSql('key', 3)} AS s`,
    `${normalSql('key', 4)} AS efficiency`,
    `${normalSql('key', 5)} AS zl`,
    `${uniformSql('key', 11)} AS u_district`,
    `${uniformSql('key', 12)} AS u_section`,
    `${uniformSql('key', 13)} AS u_class`,
    `${uniformSql('key', 14)} AS u_life`,
    `${uniformSql('key', 15)} AS u_exit`,
    `${uniformSql('key', 16)} AS u_distress`,
    `${uniformSql('key', 17)} AS u_onset`,
    `-ln(${uniformSql('key', 18)}) AS severity`,
    `-ln(${uniformSql('key', 19)}) AS age`,
    `${uniformSql('key', 20)} < 72e-2 AS is_small`,
  ].join(', ')

/** District and section: drawn, but set for the planted ones. */
const plantedSql = (seed: number): string => {
  const planted = [rareEnterprises, whaleEnterprises, markedEnterprises].flatMap((of) => of(seed))
  const set = (value: (of: (typeof planted)[number]) => string): string =>
    planted.map((of) => `WHEN ${of.number} THEN '${value(of)}'`).join(' ')
  const drawnDistrict = choiceSql(
    'u_district',
    districts.map(({ code, weight }) => ({ value: code, weight })),
  )
  const drawnSection = choiceSql(
    'u_section',
    sections
      .filter(({ weight }) => weight > 0)
      .map(({ code, weight }) => ({ value: code, weight })),
  )
  return (
    `CASE i ${set(({ district }) => district)} ELSE ${drawnDistrict} END AS district, ` +
    `CASE i ${set(({ section }) => section)} ELSE ${drawnSection} END AS section, ` +
    `i <= ${planted.length} AS is_planted, 35e-2 * q + 937e-3 * zg AS g, -15e-2 * q + 989e-3 * zl AS l`
  )
}

/**
 * `exit_month` and `onset` count months from the first one: from `exit_month` on there are no rows, from `onset` on
 * business falls. Before `first_month` an enterprise is not founded. Planted enterprises live and are well.
 */
const lifeSql = (profile: Profile): string => {
  const { months } = profile
  const distressed = `u_distress < ${logisticSql('-255e-2 - 75e-2 * q - 45e-2 * g')}`
  const founded = `DATE '${registryDay}' - CAST(36525e-2 * greatest(3e-1, least(32e0, 7e0 * age)) AS INTEGER)`
  const firstMonth = `greatest(0, date_diff('month', DATE '${firstMonthOf(profile)}', ${founded}))`
  return [
    `CASE WHEN is_planted OR u_life < 68e-2 THEN 'active' WHEN u_life < 92e-2 THEN 'dormant' ELSE 'exited' END AS life`,
    `CASE WHEN NOT is_planted AND u_life >= 92e-2 THEN CAST(floor(u_exit * 24) AS INTEGER) + ${months - 24} ELSE ${months} END AS exit_month`,
    `CASE WHEN is_planted THEN 0 ELSE CAST(${firstMonth} AS INTEGER) END AS first_month`,
    `CASE WHEN NOT is_planted AND ${distressed} THEN ${months - 1} - CAST(floor(u_onset * 12) AS INTEGER) ELSE 1000 END AS onset`,
    `CASE WHEN NOT is_planted AND ${distressed} THEN least(severity, 3e0) ELSE 0e0 END AS distress`,
    `greatest(1, CAST(round(exp(175e-2 + 115e-2 * s)) AS INTEGER)) AS employees`,
    `${founded} AS established`,
  ].join(', ')
}
