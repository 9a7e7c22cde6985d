import {
  nameSql,
  otherPersons,
  representativeNameSql,
  representedSql,
  residentIdSql,
} from './person.ts'
import type { Profile } from './profile.ts'
import {
  choiceSql,
  daySql,
  eventsSql,
  eventWordSql,
  logisticSql,
  mixSql,
  moneySql,
  normalSql,
  poissonSql,
  uniformSql,
} from './random.ts'
import { capitalSql } from './registry.ts'
import { salesLevelSql } from './month.ts'

const holdersMax = 5

/**
 * 股东出资: one to five holders an enterprise, shares by Dirichlet(1) (broken off one after another: what is left after
 * holder m of k is the part u^(1/(k-1-m)) of what was left before). Shares of an enterprise add up to a hundred.
 */
export const shareholderSql = (profile: Profile): string => {
  const left = (n: number): string =>
    n === 0 ? '1e0' : `${left(n - 1)} * pow(u_${n - 1}, 1e0 / greatest(1, holders - ${n}))`
  const leftAt = (n: string): string =>
    `round(1e2 * (CASE ${n} ${Array.from({ length: holdersMax }, (_, at) => `WHEN ${at} THEN ${left(at)}`).join(' ')} END), 4)`
  const shares = Array.from({ length: 4 }, (_, n) => `${uniformSql('key', 501 + n)} AS u_${n}`)
  const enterprises = `SELECT *, 1 + CAST(floor(${holdersMax} * pow(u_holders, 2e0)) AS BIGINT) AS holders
  FROM (SELECT *, ${uniformSql('key', 500)} AS u_holders, ${shares.join(', ')} FROM (${capitalSql('FROM city_enterprise')}))`
  const holders = eventsSql(1, enterprises, 'holders')
  const persons = residentIdSql(
    `SELECT *, ${uniformSql('event_key', 505)} AS u_kind, ${uniformSql('event_key', 506)} AS u_paid,
    ${uniformSql('event_key', 507)} AS u_a, ${uniformSql('event_key', 508)} AS u_b, ${uniformSql('event_key', 509)} AS u_c,
    CASE WHEN n = holders - 1 THEN 0e0 ELSE ${leftAt('n + 1')} END AS next_left, ${leftAt('n')} AS this_left,
    ${otherPersons(profile)} + 8 * i + n AS __person FROM (${holders})`,
    'number',
  )
  return `SELECT uscc, n + 1 AS holder_no, CASE WHEN is_person THEN '自然人' ELSE '法人' END AS holder_kind,
  CASE WHEN is_person THEN ${nameSql('u_a', 'u_b', 'u_c')} ELSE '云州第' || CAST(1 + CAST(floor(u_a * 5e3) AS BIGINT) AS VARCHAR) || '投资有限公司' END AS holder_name,
  CASE WHEN is_person THEN number END AS holder_id,
  ratio, subscribed AS subscribed_capital, CASE WHEN u_paid < 55e-2 THEN CAST(0 AS DECIMAL(18,2)) ELSE ${moneySql('CAST(subscribed AS DOUBLE) * u_paid')} END AS paid_capital
FROM (SELECT *, u_kind < 85e-2 AS is_person, CAST(this_left - next_left AS DECIMAL(7,4)) AS ratio,
  ${moneySql('CAST(registered_capital AS DOUBLE) * (this_left - next_left) / 1e2')} AS subscribed FROM (${persons}))`
}

const positions = [
  { value: '董事', weight: 45 },
  { value: '监事', weight: 40 },
  { value: '经理', weight: 15 },
]

/** 主要人员: the representative as executive director, and up to three others. */
export const personSql = (profile: Profile): string => {
  const enterprises = `SELECT *, 1 + CAST(floor(4e0 * ${uniformSql('key', 510)}) AS BIGINT) AS people
  FROM (${representedSql(profile, 'FROM city_enterprise')})`
  const people = residentIdSql(
    `SELECT *, ${uniformSql('event_key', 511)} AS u_position, ${uniformSql('event_key', 512)} AS u_a,
    ${uniformSql('event_key', 513)} AS u_b, ${uniformSql('event_key', 514)} AS u_c,
    ${otherPersons(profile)} + 8 * i + 8 - n AS __person FROM (${eventsSql(2, enterprises, 'people')})`,
    'number',
  )
  return `SELECT uscc, n + 1 AS person_no, CASE WHEN n = 0 THEN legal_rep_id ELSE number END AS person_id,
  CASE WHEN n = 0 THEN ${representativeNameSql()} ELSE ${nameSql('u_a', 'u_b', 'u_c')} END AS name,
  CASE WHEN n = 0 THEN '执行董事' ELSE ${choiceSql('u_position', positions)} END AS position
FROM (${people})`
}

const changed = [
  { value: '经营范围', weight: 30 },
  { value: '住所', weight: 25 },
  { value: '法定代表人', weight: 18 },
  { value: '股东', weight: 17 },
  { value: '注册资本', weight: 10 },
]

/** 变更: what changed in two years; more where an enterprise is in trouble. */
export const changeSql = (): string => {
  const rate = `exp(-9e-1 - 25e-2 * q + 5e-1 * least(distress, 1e0))`
  const enterprises = `SELECT *, ${poissonSql('rate', 'u_changes', 5)} AS changes
  FROM (SELECT *, ${rate} AS rate, ${uniformSql('key', 520)} AS u_changes FROM city_enterprise)`
  return `SELECT uscc, n + 1 AS change_no, ${daySql('u_day')} AS changed_at, ${choiceSql('u_item', changed)} AS item,
  '原登记事项' || CAST(i * 8 + n AS VARCHAR) AS before, '新登记事项' || CAST(i * 8 + n AS VARCHAR) AS after
FROM (SELECT *, ${uniformSql('event_key', 521)} AS u_day, ${uniformSql('event_key', 522)} AS u_item
  FROM (${eventsSql(3, enterprises, 'changes')}))`
}

/** Enterprises to which something happened, with a day of it and two more draws. */
export const happenedSql = (kind: number, probability: string): string =>
  `SELECT *, ${uniformSql('event_key', 531)} AS u_what, ${uniformSql('event_key', 532)} AS u_end,
  ${normalSql('event_key', 533)} AS spread, ${daySql('u_day')} AS happened_at
FROM (SELECT *, ${uniformSql('event_key', 530)} AS u_day FROM (SELECT *, ${mixSql('event_word')} AS event_key
FROM (SELECT *, ${eventWordSql(kind)} AS event_word FROM (SELECT *, 0 AS n FROM city_enterprise
  WHERE ${uniformSql('key', 540 + kind)} < ${probability}))))`

const abnormalReasons = [
  { value: '未按规定公示年度报告', weight: 70 },
  { value: '通过登记的住所无法联系', weight: 25 },
  { value: '公示信息隐瞒真实情况', weight: 5 },
]

/** 经营异常名录. */
export const abnormalSql = (): string => {
  const p = logisticSql(
    `-36e-1 - 6e-1 * q + CASE life WHEN 'dormant' THEN 14e-1 WHEN 'exited' THEN 2e0 ELSE 0e0 END`,
  )
  return `SELECT uscc, happened_at AS listed_at, ${choiceSql('u_what', abnormalReasons)} AS reason,
  CASE WHEN u_end < 4e-1 AND happened_at + 120 <= DATE '2024-12-31' THEN happened_at + 120 END AS removed_at
FROM (${happenedSql(4, p)})`
}

/** 严重违法失信名单: about three in two thousand. */
export const seriousIllegalSql = (): string =>
  `SELECT uscc, happened_at AS listed_at, CASE WHEN u_what < 6e-1 THEN '提交虚假材料取得登记' ELSE '列入经营异常名录满三年' END AS reason,
  '云州市市场监督管理局' AS authority
FROM (${happenedSql(5, `15e-4 * exp(-4e-1 * q)`)})`

/** 年报: of the two years before 2024, of every enterprise that had been founded and still was. */
export const annualReportSql = (): string => {
  const back = `(2024 - year)`
  return `SELECT uscc, year, ${moneySql('sales * exp(-2e-1 + 3e-1 * l)')} AS total_assets, ${moneySql('sales')} AS sales,
  ${moneySql('sales * (4e-2 + 2e-2 * q - 3e-2 * least(distress, 1e0))')} AS profit, ${moneySql('sales * 2e-2')} AS tax_total,
  greatest(1, CAST(round(employees * exp(-108e-3 * g * ${back})) AS INTEGER)) AS employees
FROM (SELECT *, CASE WHEN life = 'dormant' THEN 0e0
    ELSE 12 * employees * exp(${salesLevelSql()} - 144e-3 * g * ${back}) END AS sales
  FROM (SELECT *, unnest([2022, 2023]) AS year FROM city_enterprise) WHERE year(established) <= year)`
}
