import type { Profile } from './profile.ts'
import {
  choiceSql,
  daySql,
  eventsSql,
  logisticSql,
  moneySql,
  normalSql,
  poissonSql,
  uniformSql,
} from './random.ts'
import { representedSql } from './person.ts'

export const causes = [
  { value: '买卖合同纠纷', weight: 32 },
  { value: '劳动争议', weight: 14 },
  { value: '借款合同纠纷', weight: 12 },
  { value: '租赁合同纠纷', weight: 9 },
  { value: '建设工程合同纠纷', weight: 8 },
  { value: '其他', weight: 25 },
]
export const roles = ['被告', '被执行人'] as const

/** Most cases of one enterprise: five as defendant and one as debtor in enforcement. */
const defendantMax = 5

const severe = 'least(distress, 15e-1)'
const enforcedSql = logisticSql(`-45e-1 - 6e-1 * q + 25e-2 * s + 22e-1 * ${severe}`)
const dishonestSql = logisticSql(`-62e-1 - 55e-2 * q + 26e-1 * ${severe}`)

/** Cases of the two years up to the end of 2024, which follow distress: `n` is 0 for the enforcement, if there is one. */
const casesSql = (): string => {
  const rate = `exp(-25e-1 - 45e-2 * q + 45e-2 * s + 125e-2 * least(distress, 1e0) + CASE section WHEN 'E' THEN 6e-1 ELSE 0e0 END)`
  const drawn = `SELECT *, ${rate} AS rate, ${uniformSql('key', 301)} AS u_cases, ${uniformSql('key', 302)} AS u_enforced,
    ${uniformSql('key', 310)} AS u_published FROM city_enterprise`
  const counted = `SELECT *, ${poissonSql('rate', 'u_cases', defendantMax)} AS cases, u_enforced < ${enforcedSql} AS is_enforced FROM (${drawn})`
  return `SELECT *, ${uniformSql('event_key', 303)} AS u_cause,
    ${uniformSql('event_key', 305)} AS u_blank, ${normalSql('event_key', 306)} AS spread, ${uniformSql('event_key', 307)} AS u_end,
    '（2024）云01' || (CASE WHEN n = 0 THEN '执' ELSE '民初' END) || lpad(CAST(i AS VARCHAR), 8, '0') || CAST(n AS VARCHAR) || '号' AS case_no
  FROM (SELECT *, ${daySql('u_day')} AS filed_at FROM (SELECT *, ${uniformSql('event_key', 304)} AS u_day
  FROM (${eventsSql(0, counted, '1 + cases')}) WHERE n > 0 OR is_enforced))`
}

const amountSql = `CASE WHEN u_blank < 1e-1 THEN NULL ELSE ${moneySql('exp(114e-1 + 3e-1 * s + 12e-1 * spread)')} END`
/** The day some days after another, unless it is not over by the end of 2024. */
const endSql = (from: string, days: string): string =>
  `CASE WHEN ${from} + CAST(${days} AS INTEGER) <= DATE '2024-12-31' THEN ${from} + CAST(${days} AS INTEGER) END`

/** 司法案件: a row a case. */
export const courtSql = (): string =>
  `SELECT case_no, uscc, CASE WHEN n = 0 THEN '${roles[1]}' ELSE '${roles[0]}' END AS party_role,
  ${choiceSql('u_cause', causes)} AS cause, filed_at, ${amountSql} AS amount, closed_at,
  CASE WHEN n = 0 THEN '执行' WHEN u_end < 15e-2 THEN '二审' ELSE '一审' END AS stage,
  CASE WHEN closed_at IS NULL THEN NULL WHEN u_end < 35e-2 THEN '调解' WHEN u_end < 5e-1 THEN '撤诉' ELSE '判决' END AS outcome
FROM (SELECT *, ${endSql('filed_at', '30 + floor(300e0 * u_end)')} AS closed_at FROM (${casesSql()}))`

/** 被执行人: the enforcements again, with what came of them. */
export const enforcementSql = (): string =>
  `SELECT case_no, uscc, filed_at, ${moneySql('exp(114e-1 + 3e-1 * s + 12e-1 * spread)')} AS amount,
  CASE WHEN u_end < 25e-2 THEN '执行完毕' WHEN u_end < 6e-1 THEN '终结本次执行程序' ELSE '执行中' END AS status
FROM (${casesSql()}) WHERE n = 0`

/** Enforcements that went so far, as often as a share of the probability to be published as dishonest says. */
const publishedSql = (share: string): string =>
  `SELECT * FROM (${casesSql()}) WHERE n = 0 AND u_published * ${enforcedSql} < ${share} * ${dishonestSql}`

/** 失信被执行人. */
export const dishonestDebtorSql = (): string =>
  `SELECT case_no, uscc, published_at, CASE WHEN u_end < 7e-1 THEN '全部未履行' ELSE '部分未履行' END AS performance,
  CASE WHEN u_end < 2e-1 THEN ${endSql('published_at', '120')} END AS removed_at
FROM (SELECT *, least(filed_at + 60, DATE '2024-12-31') AS published_at FROM (${publishedSql('1e0')}))`

/** 限制高消费: of the enterprise, and of the person who represents it where that person has a number here. */
export const consumptionLimitSql = (profile: Profile): string =>
  `SELECT case_no, uscc, legal_rep_id AS person_id, least(filed_at + 45, DATE '2024-12-31') AS limited_at
FROM (${representedSql(profile, publishedSql('13e-1'))})`

/** 股权冻结、查封: of four in ten enforcements. */
export const assetFreezeSql = (): string =>
  `SELECT '冻' || case_no AS freeze_no, case_no, uscc, CASE WHEN u_cause < 6e-1 THEN '银行存款' ELSE '股权' END AS kind,
  filed_at AS frozen_from, filed_at + (CASE WHEN u_cause < 6e-1 THEN 365 ELSE 1095 END) AS frozen_to,
  ${moneySql('5e-1 * exp(114e-1 + 3e-1 * s + 12e-1 * spread)')} AS amount
FROM (${casesSql()}) WHERE n = 0 AND u_blank > 6e-1`
