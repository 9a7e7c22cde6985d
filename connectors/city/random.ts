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
