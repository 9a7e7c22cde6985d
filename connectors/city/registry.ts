import { residentIdCheckSql } from '../standards/resident-id.ts'
import { sections } from './places.ts'
import { markedEnterprises, markerOf } from './planted.ts'
import type { Profile } from './profile.ts'
import { choiceSql, uniformSql } from './random.ts'

const surnames =
  '王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈'
const givenNames =
  '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国志文海燕晓东春梅宇浩然欣怡子涵雨泽'
const words =
  '启明恒远华信天成瑞丰博雅金泰盛达云帆鼎新安和中诚东方嘉禾宏图永安正大众合国强立德同心万通百川'

/** A character of a text by a uniform number. */
const pickSql = (text: string, uniform: string): string =>
  `substr('${text}', 1 + CAST(floor(${uniform} * ${text.length}) AS BIGINT), 1)`

/** Two characters that stand together in a text of pairs. */
const pairSql = (text: string, uniform: string): string =>
  `substr('${text}', 1 + 2 * CAST(floor(${uniform} * ${text.length / 2}) AS BIGINT), 2)`

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
  return `SELECT uscc,
  '云州' || ${pairSql(words, 'u_word')} || ${pairSql(words, 'u_second')} || (CASE section ${trade} END) || ${mark} || '有限公司' AS name,
  ${pickSql(surnames, 'u_surname * u_surname')} || ${pickSql(givenNames, 'u_given')} || ${pickSql(givenNames, 'u_last')} AS legal_rep_name,
  ${residentIdSql()} AS legal_rep_id,
  '云州市' || ${pairSql(words, 'u_road')} || '路' || CAST(1 + CAST(floor(u_number * 999) AS BIGINT) AS VARCHAR) || '号' || ${mark} AS address,
  district, ${classSql()} AS industry,
  ${choiceSql('u_type', enterpriseTypes)} AS enterprise_type,
  established,
  CAST(${choiceSql('u_capital', capitals)} AS DECIMAL(18,2)) AS registered_capital,
  CASE WHEN life <> 'exited' THEN '存续' WHEN u_status < 75e-2 THEN '注销' ELSE '吊销' END AS status
FROM (SELECT *, substr(id, 1, 17) AS __code FROM (SELECT *, ${personNumberSql(profile)} AS id FROM (SELECT *, ${drawsSql()} FROM city_enterprise)))
ORDER BY i`
}

const drawsSql = (): string =>
  ['word', 'second', 'surname', 'given', 'last', 'road', 'number', 'type', 'capital', 'status']
    .concat(['person', 'several', 'foreign'])
    .map((name, position) => `${uniformSql('key', 101 + position)} AS u_${name}`)
    .join(', ')

const classSql = (): string => {
  const branches = sections.map(({ code, classes }) => {
    const weighted = classes.map((value) => ({ value, weight: 1 }))
    return `WHEN '${code}' THEN ${choiceSql('u_class', weighted)}`
  })
  return `CASE section ${branches.join(' ')} END`
}

const days = 18_250
const regions = 16
const sequences = 500

/**
 * The first 17 digits of the representative's number. Most represent one enterprise; one in eight comes from a small
 * circle of whom some stand behind dozens. Persons are numbered, and the multiplier is coprime with how many numbers
 * there are, so that two persons never share one.
 */
const personNumberSql = ({ enterprises }: Profile): string => {
  const circle = Math.floor(enterprises / 40)
  const person = `(CASE WHEN u_several < 125e-3 THEN ${enterprises} + 1 + CAST(floor(pow(u_person, 15e-1) * ${circle}) AS BIGINT) ELSE i END)`
  const place = `(${person} * 40503001 % ${days * regions * sequences})`
  return [
    `'8901' || lpad(CAST(1 + ${place} // ${days} % ${regions} AS VARCHAR), 2, '0')`,
    `strftime(DATE '1950-01-01' + CAST(${place} % ${days} AS INTEGER), '%Y%m%d')`,
    `lpad(CAST(1 + ${place} // ${days * regions} AS VARCHAR), 3, '0')`,
  ].join(' || ')
}

/** One representative in a hundred has a foreign passport and no number. */
const residentIdSql = (): string =>
  `CASE WHEN u_foreign < 1e-2 THEN NULL ELSE __code || ${residentIdCheckSql()} END`
