import {
  choiceSql,
  eventsSql,
  logisticSql,
  moneySql,
  normalSql,
  poissonSql,
  uniformSql,
  daySql,
} from './random.ts'
import { representativeNameSql } from './person.ts'
import { happenedSql } from './registry-records.ts'

const severe = 'least(distress, 15e-1)'
const isActive = `CASE WHEN life = 'active' THEN 1e0 ELSE 0e0 END`

const taxes = [
  { value: '增值税', weight: 60 },
  { value: '企业所得税', weight: 30 },
  { value: '个人所得税代扣', weight: 10 },
]

/** 欠税: one in forty of those that do business. */
export const arrearsSql = (): string =>
  `SELECT uscc, happened_at AS since, ${choiceSql('u_what', taxes)} AS tax_type, ${moneySql('exp(10e0 + 5e-1 * s + spread)')} AS amount,
  CASE WHEN u_end < 4e-1 AND happened_at + 200 <= DATE '2024-12-31' THEN happened_at + 200 END AS cleared_at, u_end >= 5e-1 AS is_announced,
  ${representativeNameSql()} AS legal_rep_name
FROM (${happenedSql(6, `${isActive} * ${logisticSql(`-45e-1 - 5e-1 * q + 2e0 * ${severe}`)}`)})`

const violations = [
  { value: '偷税', weight: 45 },
  { value: '虚开发票', weight: 35 },
  { value: '逃避追缴欠税', weight: 12 },
  { value: '骗取出口退税', weight: 8 },
]

/** 税务违法: eight in a thousand. */
export const violationSql = (): string =>
  `SELECT uscc, happened_at AS found_at, ${choiceSql('u_what', violations)} AS kind, ${moneySql('exp(11e0 + 5e-1 * s + spread)')} AS amount,
  u_end < 4e-1 AS is_published
FROM (${happenedSql(7, logisticSql('-49e-1 - 3e-1 * q'))})`

/** Units that enterprises own. */
const unitsSql = (): string => {
  const owns = `${uniformSql('key', 600)} < ${logisticSql('-26e-1 + 9e-1 * s + 2e-1 * q')}`
  const enterprises = `SELECT *, CASE WHEN ${owns} THEN 1 + CAST(floor(3e0 * pow(${uniformSql('key', 601)}, 2e0)) AS BIGINT) ELSE 0 END AS units FROM city_enterprise`
  return `SELECT *, ${uniformSql('event_key', 602)} AS u_usage, ${normalSql('event_key', 603)} AS spread, ${uniformSql('event_key', 604)} AS u_age,
  ${uniformSql('event_key', 605)} AS u_mortgage, ${uniformSql('event_key', 606)} AS u_lender, ${uniformSql('event_key', 607)} AS u_seized,
  ${uniformSql('event_key', 608)} AS u_day, established + CAST(floor((DATE '2024-12-31' - established) * ${uniformSql('event_key', 604)}) AS INTEGER) AS registered_at,
  district || lpad(CAST(1 + i % 60 AS VARCHAR), 3, '0') || lpad(CAST(1 + i % 30 AS VARCHAR), 3, '0') || 'GB'
    || lpad(CAST(1 + i % 9999 AS VARCHAR), 5, '0') || 'F' || lpad(CAST(4 * i + n AS VARCHAR), 8, '0') AS unit_no
FROM (${eventsSql(8, enterprises, 'units')})`
}

const usages = [
  { value: '办公', weight: 35 },
  { value: '商业', weight: 30 },
  { value: '工业', weight: 30 },
  { value: '住宅', weight: 5 },
]

/** 不动产权: area around 800 square metres. */
export const rightSql = (): string =>
  `SELECT unit_no, '云（2024）云州市不动产权第' || substr(unit_no, 21) || '号' AS cert_no, uscc, '国有建设用地使用权及房屋所有权' AS right_type,
  ${choiceSql('u_usage', usages)} AS usage, CAST(round(8e2 * exp(9e-1 * spread), 2) AS DECIMAL(18,2)) AS area,
  '云州市' || substr(unit_no, 7, 3) || '街坊' || substr(unit_no, 24) || '号' AS location, district, registered_at
FROM (${unitsSql()})`

/** 抵押: of nearly half of the units. */
export const mortgageSql = (): string =>
  `SELECT unit_no, uscc, CASE WHEN u_lender < 85e-2 THEN '银行' ELSE '其他金融机构' END AS mortgagee_kind,
  ${moneySql('5e-1 * exp(9e-1 * spread) * 8e2 * (8e-1 + 4e-1 * u_lender)')} AS amount, mortgaged_from,
  CAST(mortgaged_from + to_years(3) AS DATE) AS mortgaged_to, 1 AS rank
FROM (SELECT *, greatest(registered_at, ${daySql('u_day')}) AS mortgaged_from FROM (${unitsSql()})) WHERE u_mortgage < 45e-2`

/** 查封. */
export const seizureSql = (): string =>
  `SELECT unit_no, uscc, '云州市' || substr(district, 5) || '法院' AS court, seized_from, CAST(seized_from + to_years(3) AS DATE) AS seized_to
FROM (SELECT *, greatest(registered_at, ${daySql('u_day')}) AS seized_from FROM (${unitsSql()}))
WHERE u_seized < ${logisticSql(`-42e-1 - 4e-1 * q + 2e0 * ${severe}`)}`

const penalties = [
  { value: '罚款', weight: 62 },
  { value: '警告', weight: 20 },
  { value: '没收违法所得', weight: 8 },
  { value: '通报批评', weight: 5 },
  { value: '责令停产停业', weight: 3 },
  { value: '吊销许可证件', weight: 2 },
]
const authorities = [
  { value: '市场监督管理局', weight: 40 },
  { value: '生态环境局', weight: 15 },
  { value: '应急管理局', weight: 15 },
  { value: '城市管理综合行政执法局', weight: 20 },
  { value: '消防救援支队', weight: 10 },
]

/** 行政处罚. */
export const penaltySql = (): string => {
  const rate = `exp(-32e-1 - 35e-2 * q + 3e-1 * s)`
  const enterprises = `SELECT *, ${poissonSql('rate', 'u_penalties', 4)} AS penalties
  FROM (SELECT *, ${rate} AS rate, ${uniformSql('key', 620)} AS u_penalties FROM city_enterprise)`
  return `SELECT '云罚决〔2024〕' || lpad(CAST(8 * i + n AS VARCHAR), 8, '0') AS doc_no, uscc, '云州市' || ${choiceSql('u_authority', authorities)} AS authority,
  kind, CASE WHEN kind = '罚款' THEN CAST(round(exp(5e-1 + 11e-1 * spread), 2) AS DECIMAL(18,2)) END AS fine,
  decided_at, CAST(decided_at + to_months(CAST(CASE WHEN kind = '警告' THEN 3 ELSE 12 + 12 * floor(2e0 * u_term) END AS INTEGER)) AS DATE) AS publish_until,
  u_term < 25e-2 AS is_repaired
FROM (SELECT *, ${daySql('u_day')} AS decided_at, ${choiceSql('u_kind', penalties)} AS kind
FROM (SELECT *, ${uniformSql('event_key', 621)} AS u_day, ${uniformSql('event_key', 622)} AS u_kind, ${uniformSql('event_key', 623)} AS u_authority,
  ${uniformSql('event_key', 624)} AS u_term, ${normalSql('event_key', 625)} AS spread FROM (${eventsSql(9, enterprises, 'penalties')})))`
}
