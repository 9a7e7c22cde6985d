/*
 * What chance allows, and what a ledger allows.
 */

/** ln Gamma(x), x > 0, by Stirling's series from 10 on: three terms are good to 1e-10. */
const logGamma = (x: number): number =>
  x < 10
    ? logGamma(x + 1) - Math.log(x)
    : (x - 0.5) * Math.log(x) -
      x +
      Math.log(2 * Math.PI) / 2 +
      1 / (12 * x) -
      1 / (360 * x ** 3) +
      1 / (1260 * x ** 5)

/** The regularised incomplete beta function I_p(a, b), by its continued fraction (DLMF 8.17.22) from the far end. */
const incompleteBeta = (p: number, a: number, b: number): number => {
  if (p <= 0) return 0
  if (p >= 1) return 1
  if (p > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - p, b, a)
  let fraction = 1
  for (let step = 100 + Math.ceil(10 * Math.sqrt(a + b)); step > 0; step -= 1) {
    const m = Math.floor(step / 2)
    const top = step % 2 === 0 ? m * (b - m) : -(a + m) * (a + b + m)
    const bottom = (a + step - 1) * (a + step)
    fraction = 1 + (top * p) / bottom / fraction
  }
  const front = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(p) + b * Math.log1p(-p)
  return Math.exp(front) / (a * fraction)
}

/** How often something came true. */
export type Share = { readonly right: number; readonly of: number }
export const shareOf = ({ right, of }: Share): number => (of === 0 ? 0 : right / of)

const misses = 0.001
const solved = (rising: (p: number) => number, wanted: number): number => {
  let [low, high] = [0, 1]
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2
    if (rising(middle) < wanted) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** The one-sided limits of Clopper and Pearson (1934), each missed by one share in a thousand. */
export const leastOf = ({ right, of }: Share, miss = misses): number =>
  right === 0 ? 0 : solved((p) => incompleteBeta(p, right, of - right + 1), miss)
export const mostOf = ({ right, of }: Share, miss = misses): number =>
  right === of ? 1 : 1 - leastOf({ right: of - right, of }, miss)

/**
 * The least rho of zCDP under which an event can have probability `p` in one database and `q` in a neighbour: a mechanism
 * of rho has Renyi divergence of at most alpha rho for every alpha > 1 (Bun and Steinke 2016), and no function of its
 * answer has more.
 */
export const rhoBehind = (p: number, q: number): number => {
  const divergence = (one: number, two: number, alpha: number): number => {
    const term = (x: number, y: number): number =>
      x === 0 ? 0 : y === 0 ? Infinity : Math.exp(alpha * Math.log(x) + (1 - alpha) * Math.log(y))
    return Math.log(term(one, two) + term(1 - one, 1 - two)) / (alpha - 1)
  }
  const orders = Array.from({ length: 120 }, (_, step) => 1 + 1e-3 * 1.1 ** step)
  return Math.max(
    0,
    ...orders.flatMap((alpha) => [
      divergence(p, q, alpha) / alpha,
      divergence(q, p, alpha) / alpha,
    ]),
  )
}

/**
 * The most by which two neighbouring databases' answers can be told apart, as total variation, where rho was spent: by
 * Pinsker's inequality and by that of Bretagnolle and Huber, since the divergence of Kullback and Leibler is at most rho.
 */
export const variationOf = (rho: number): number =>
  Math.min(Math.sqrt(rho / 2), Math.sqrt(1 - Math.exp(-rho)))

/** How often whoever asks one of two things, either as likely, is right at most: 1/2 and half of the total variation. */
export const successOf = (rho: number): number => 0.5 + variationOf(rho) / 2
