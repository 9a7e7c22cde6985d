import { choiceSql, logisticSql, mixSql, normalSql, uniformSql } from './random.ts'

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

/** 司法案件: a row a case of the two years up to the end of 2024. Cases follow distress. */
export const courtSql = (): string => {
  const rate = `exp(-25e-1 - 45e-2 * q + 45e-2 * s + 125e-2 * least(distress, 1e0) + CASE section WHEN 'E' THEN 6e-1 ELSE 0e0 END)`
  const enforced = `u_enforced < ${logisticSql('-45e-1 - 6e-1 * q + 25e-2 * s + 22e-1 * least(distress, 15e-1)')}`
  return `SELECT '（2024）云01' || (CASE WHEN n = 0 THEN '执' ELSE '民初' END) || lpad(CAST(i AS VARCHAR), 8, '0') || CAST(n AS VARCHAR) || '号' AS case_no,
  uscc, CASE WHEN n = 0 THEN '${roles[1]}' ELSE '${roles[0]}' END AS party_role,
  ${choiceSql('u_cause', causes)} AS cause,
  DATE '2023-01-01' + CAST(floor(u_filed * 731) AS INTEGER) AS filed_at,
  CASE WHEN u_blank < 1e-1 THEN NULL ELSE CAST(round(exp(114e-1 + 3e-1 * s + 12e-1 * spread), 2) AS DECIMAL(18,2)) END AS amount
FROM (SELECT *, ${uniformSql('case_key', 303)} AS u_cause, ${uniformSql('case_key', 304)} AS u_filed,
    ${uniformSql('case_key', 305)} AS u_blank, ${normalSql('case_key', 306)} AS spread
  FROM (SELECT *, ${mixSql('case_word')} AS case_key FROM (SELECT *, xor(key, (n + 1) * 3266489917 % 4294967296) AS case_word
    FROM (SELECT *, unnest(range(CASE WHEN ${enforced} THEN 0 ELSE 1 END, 1 + cases)) AS n
      FROM (SELECT *, ${casesSql()} AS cases FROM (SELECT *, ${rate} AS rate, ${uniformSql('key', 301)} AS u_cases,
          ${uniformSql('key', 302)} AS u_enforced FROM city_enterprise))))))
ORDER BY i, n`
}

/** How many cases, by the inverse of the Poisson distribution, cut off above. */
const casesSql = (): string => {
  const term = (n: number): string => {
    const factorial = Array.from({ length: n }, (_, k) => k + 1).reduce((a, b) => a * b, 1)
    return `exp(-rate) * pow(rate, ${n}) / ${factorial}e0`
  }
  const branches = Array.from({ length: defendantMax }, (_, n) => {
    const below = Array.from({ length: n + 1 }, (_, k) => term(k)).join(' + ')
    return `WHEN u_cases < ${below} THEN ${n}`
  })
  return `CASE ${branches.join(' ')} ELSE ${defendantMax} END`
}
