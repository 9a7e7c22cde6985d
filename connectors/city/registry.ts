import { pairSql, representativeNameSql, representedSql } from './person.ts'
import { sections } from './places.ts'
import { markedEnterprises, markerOf } from './planted.ts'
import type { Profile } from './profile.ts'
import { choiceSql, moneySql, uniformSql } from './random.ts'

const words =
  '启明恒远华信天成瑞丰博雅金泰盛达云帆鼎新安和中诚东方嘉禾宏图永安正大众合国强立德同心万通百川'

/** Registered capital in ten thousand yuan, with its frequency in percent. */
const capitals = [
  { value: '10', weight: 12 },
  { value: '50', weight: 14 },
  { value: '100', weight: 28 },
  { value: '200', weight: 9 },
  { value: '500', weight: 15 },
  { value: '1000', weight: 12 },
  { value: '2000', weight: 4 },
  { value: '5000', weight: 4 },
  { value: '10000', weight: 2 },
]

/** Adds the registered capital to rows of enterprises. */
export const capitalSql = (from: string): string =>
  `SELECT *, CAST(${choiceSql('u_capital', capitals)} AS DECIMAL(18,2)) AS registered_capital
FROM (SELECT *, ${uniformSql('key', 109)} AS u_capital FROM (${from}))`

export const enterpriseTypes = [
  { value: '有限责任公司', weight: 80 },
  { value: '一人有限责任公司', weight: 12 },
  { value: '个人独资或合伙企业', weight: 4 },
  { value: '国有控股公司', weight: 4 },
]

/** 企业登记: a row an enterprise. */
export const registrySql = (profile: Profile, seed: number): string => {
  const marked = markedEnterprises(seed).map(({ number }) => number)
  const mark = `CASE WHEN i IN (${marked.join(', ')}) THEN '${markerOf(seed)}' ELSE '' END`
  const trade = sections.map(({ code, trade }) => `WHEN '${code}' THEN '${trade}'`).join(' ')
  const scope = sections.map(({ code, name }) => `WHEN '${code}' THEN '${name}'`).join(' ')
  const enterprises = capitalSql(representedSql(profile, 'FROM city_enterprise'))
  return `SELECT uscc,
  '云州' || ${pairSql(words, 'u_word')} || ${pairSql(words, 'u_second')} || (CASE section ${trade} END) || ${mark} || '有限公司' AS name,
  ${representativeNameSql()} AS legal_rep_name, legal_rep_id,
  '100' || lpad(CAST(CAST(floor(u_mobile * 1e8) AS BIGINT) AS VARCHAR), 8, '0') AS legal_rep_mobile,
  '云州市' || ${pairSql(words, 'u_road')} || '路' || CAST(1 + CAST(floor(u_number * 999) AS BIGINT) AS VARCHAR) || '号' || ${mark} AS address,
  district, ${classSql()} AS industry,
  ${choiceSql('u_type', enterpriseTypes)} AS enterprise_type,
  established, registered_capital,
  CASE WHEN u_paid < 55e-2 THEN CAST(0 AS DECIMAL(18,2)) ELSE ${moneySql('registered_capital * (2e-1 + 8e-1 * (u_paid - 55e-2) / 45e-2)')} END AS paid_capital,
  CASE WHEN life <> 'exited' THEN '存续' WHEN u_status < 75e-2 THEN '注销' ELSE '吊销' END AS status,
  (CASE section ${scope} END) || '；依法须经批准的项目除外' AS business_scope,
  CASE WHEN u_term >= 6e-1 THEN CAST(established + to_years(20) AS DATE) END AS valid_until,
  '云州市市场监督管理局' || substr(district, 5) || '分局' AS authority
FROM (SELECT *, ${drawsSql()} FROM (${enterprises}))`
}

const draws = { word: 101, second: 102, road: 106, number: 107 }
const moreDraws = { type: 108, status: 110, mobile: 114, paid: 115, term: 116 }
const drawsSql = (): string =>
  Object.entries({ ...draws, ...moreDraws })
    .map(([name, salt]) => `${uniformSql('key', salt)} AS u_${name}`)
    .join(', ')

const classSql = (): string => {
  const branches = sections.map(({ code, classes }) => {
    const weighted = classes.map((value) => ({ value, weight: 1 }))
    return `WHEN '${code}' THEN ${choiceSql('u_class', weighted)}`
  })
  return `CASE section ${branches.join(' ')} END`
}
