/**
 * Chance that is the same everywhere: in TypeScript and in SQL, on every version of the engine (whose own `hash` and
 * `random` may change). lowbias32 of Chris Wellons' hash-prospector: both multipliers are below 2^31, so products of 32
 * bits by 31 stay inside BIGINT.
 */
const mask = 0xffff_ffff
const multipliers = [0x21f0_aaad, 0x735a_2d97] as const

/** Mixes a whole number below 2^32 into another. */
export const mix = (x: number): number => {
  const first = Math.imul(x ^ (x >>> 16), multipliers[0])
  const second = Math.imul(first ^ (first >>> 15), multipliers[1])
  return (second ^ (second >>> 15)) >>> 0
}

/** `mix` as SQL. The input is repeated eight times: give a column, and let the engine share what is common. */
export const mixSql = (input: string): string => {
  const first = `((xor(${input}, (${input}) >> 16) * ${multipliers[0]}) & ${mask})`
  const second = `((xor(${first}, ${first} >> 15) * ${multipliers[1]}) & ${mask})`
  return `xor(${second}, ${second} >> 15)`
}

/** What an index is mixed with. Adding the seed to it instead would give all seeds the same population, shifted. */
export const seedWord = (seed: number): number =>
  Number((BigInt(seed) * 2_654_435_761n + 374_761_393n) & BigInt(mask))

/** Word of a purpose: draws for different salts are independent of one another. */
const saltWord = (salt: number): number =>
  Number((BigInt(salt) * 40_503n + 2_654_435n) & BigInt(mask))

/** A DOUBLE strictly between 0 and 1, from a BIGINT column that holds a mixed key. */
export const uniformSql = (key: string, salt: number): string =>
  `((${mixSql(`xor(${key}, ${saltWord(salt)})`)} + 5e-1) / 4294967296e0)`

/** A standard normal by Box and Muller. */
export const normalSql = (key: string, salt: number): string =>
  `(sqrt(-2e0 * ln(${uniformSql(key, salt)})) * cos(${2 * Math.PI}e0 * ${uniformSql(key, salt + 7919)}))`

/** The logistic function. */
export const logisticSql = (exponent: string): string => `(1e0 / (1e0 + exp(-(${exponent}))))`

/** One of some texts, each as often as its weight, by a uniform column. */
export const choiceSql = (
  uniform: string,
  choices: readonly { readonly value: string; readonly weight: number }[],
): string => {
  const total = choices.reduce((sum, { weight }) => sum + weight, 0)
  let below = 0
  const branches = choices.map(({ value, weight }) => {
    below += weight
    return `WHEN ${uniform} < ${below / total}e0 THEN '${value}'`
  })
  return `CASE ${branches.join(' ')} ELSE '${choices.at(-1)?.value}' END`
}

/** A whole number by the inverse of the Poisson distribution, cut off above; `rate` and `uniform` are names of columns. */
export const poissonSql = (rate: string, uniform: string, max: number): string => {
  const term = (n: number): string => {
    const factorial = Array.from({ length: n }, (_, k) => k + 1).reduce((a, b) => a * b, 1)
    return `exp(-${rate}) * pow(${rate}, ${n}) / ${factorial}e0`
  }
  const branches = Array.from({ length: max }, (_, n) => {
    const below = Array.from({ length: n + 1 }, (_, k) => term(k)).join(' + ')
    return `WHEN ${uniform} < ${below} THEN ${n}`
  })
  return `CASE ${branches.join(' ')} ELSE ${max} END`
}

/** Odd, and another one than that of months, so that events of one enterprise have words of their own. */
const eventStep = 3_266_489_917

/** The key of event `n` of a kind of events, of the columns `key` and `n`; kinds are numbered. */
export const eventWordSql = (kind: number): string =>
  `xor(key, (n + 1 + ${kind * 64}) * ${eventStep} % 4294967296)`

/**
 * Enterprises of `from`, each as often as `times` says (an expression over them), with `n` from 0 and a key of the
 * event's own, `event_key`.
 */
export const eventsSql = (kind: number, from: string, times: string): string =>
  `SELECT *, ${mixSql('event_word')} AS event_key FROM (SELECT *, ${eventWordSql(kind)} AS event_word
  FROM (SELECT *, unnest(range(CAST(${times} AS BIGINT))) AS n FROM (${from})))`

/** A day of the two years up to the end of 2024, by a uniform number, on which the enterprise had been founded. */
export const daySql = (uniform: string): string => {
  const first = `greatest(DATE '2023-01-01', established)`
  return `${first} + CAST(floor(${uniform} * (1 + (DATE '2024-12-31' - ${first}))) AS INTEGER)`
}

/** An amount of money. */
export const moneySql = (value: string): string => `CAST(round(${value}, 2) AS DECIMAL(18,2))`
