import { residentIdCheckSql } from '../standards/resident-id.ts'
import type { Profile } from './profile.ts'
import { uniformSql } from './random.ts'

const surnames =
  '王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈'
const givenNames =
  '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国志文海燕晓东春梅宇浩然欣怡子涵雨泽'

/** A character of a text by a uniform number. */
const pickSql = (text: string, uniform: string): string =>
  `substr('${text}', 1 + CAST(floor(${uniform} * ${text.length}) AS BIGINT), 1)`

/** Two characters that stand together in a text of pairs. */
export const pairSql = (text: string, uniform: string): string =>
  `substr('${text}', 1 + 2 * CAST(floor(${uniform} * ${text.length / 2}) AS BIGINT), 2)`

/** A name by three uniform numbers; common surnames are common. */
export const nameSql = (surname: string, first: string, last: string): string =>
  `${pickSql(surnames, `${surname} * ${surname}`)} || ${pickSql(givenNames, first)} || ${pickSql(givenNames, last)}`

/** The name of an enterprise's representative, by its key. */
export const representativeNameSql = (): string => {
  const [surname = '', given = '', last = ''] = [103, 104, 105].map((salt) =>
    uniformSql('key', salt),
  )
  return nameSql(surname, given, last)
}

const days = 18_250
const regions = 16
const sequences = 500

/**
 * Adds the resident identity number of person `__person` as a column. Persons are numbered, and the multiplier is coprime
 * with how many numbers there are (146 million), so that two persons never share one.
 */
export const residentIdSql = (from: string, column: string): string =>
  `SELECT * EXCLUDE (__code), __code || ${residentIdCheckSql()} AS ${column} FROM (SELECT * EXCLUDE (__place),
  '8901' || lpad(CAST(1 + __place // ${days} % ${regions} AS VARCHAR), 2, '0')
  || strftime(DATE '1950-01-01' + CAST(__place % ${days} AS INTEGER), '%Y%m%d')
  || lpad(CAST(1 + __place // ${days * regions} AS VARCHAR), 3, '0') AS __code
  FROM (SELECT * EXCLUDE (__person), __person * 40503001 % ${days * regions * sequences} AS __place FROM (${from})))`

/**
 * Adds `legal_rep_id` to rows of enterprises: one representative in a hundred has a foreign passport and no number. Most
 * represent one enterprise; one in eight comes from a small circle of whom some stand behind dozens.
 */
export const representedSql = ({ enterprises }: Profile, from: string): string => {
  const circle = Math.floor(enterprises / 40)
  const person = `CASE WHEN ${uniformSql('key', 112)} < 125e-3
    THEN ${enterprises} + 1 + CAST(floor(pow(${uniformSql('key', 111)}, 15e-1) * ${circle}) AS BIGINT) ELSE i END`
  const numbered = residentIdSql(`SELECT *, ${person} AS __person FROM (${from})`, 'legal_rep_id')
  return `SELECT * REPLACE (CASE WHEN ${uniformSql('key', 113)} < 1e-2 THEN NULL ELSE legal_rep_id END AS legal_rep_id) FROM (${numbered})`
}

/** The number from which on persons are neither representatives nor of their circle. */
export const otherPersons = ({ enterprises }: Profile): number => 2 * enterprises
