/*
 * Between rho-zCDP and (epsilon, delta)-differential privacy, by Canonne, Kamath and Steinke, "The Discrete Gaussian for
 * Differential Privacy" (2020), section on conversion: rho-zCDP gives (epsilon, delta) for every alpha > 1 with
 *   ln delta = (alpha - 1)(alpha rho - epsilon) + alpha ln(1 - 1/alpha) - ln(alpha - 1).
 * Every alpha is a proof, so the search for the best one can only be slack, never wrong; what could be wrong is rounding,
 * and results are moved by `rounding` times the size of their terms (a sum of a dozen operations of 2^-52 each).
 * beta below is alpha - 1, which keeps ln(1 - 1/alpha) = -ln(1 + 1/beta) exact near 1.
 *
 * Thresholds spend delta beside rho: what holds in the end is (epsilonOf(rho, delta), delta + sum of spent deltas).
 */
const rounding = 2 ** -47

/** The smallest epsilon this gives for total `rho` at `delta`, rounded up. `rho` to 1e6, `delta` above 0 to 1/2. */
export const epsilonOf = (rho: number, delta: number): number => {
  assertWithin(rho, 1e6, 'rho')
  assertDelta(delta)
  if (rho === 0) return 0
  const wanted = -Math.log(delta)
  // d epsilon / d alpha has the sign of beta^2 rho + ln(1 + beta) - ln(1/delta), which grows with beta.
  const beta = crossing((beta) => beta * beta * rho + Math.log1p(beta) - wanted)
  const terms = [(1 + beta) * rho, -Math.log1p(1 / beta), wanted / beta, -Math.log1p(beta) / beta]
  return Math.max(0, roundedUp(terms))
}

/** The smallest delta this gives for total `rho` at `epsilon`, rounded up, at most 1. */
export const deltaOf = (rho: number, epsilon: number): number => {
  assertWithin(rho, 1e6, 'rho')
  assertWithin(epsilon, 1e4, 'epsilon')
  if (rho === 0) return 0
  const beta = crossing((beta) => (2 * beta + 1) * rho - epsilon - Math.log1p(1 / beta))
  const terms = [
    beta * (1 + beta) * rho,
    -beta * epsilon,
    -(1 + beta) * Math.log1p(1 / beta),
    -Math.log(beta),
  ]
  return Math.min(1, Math.max(Number.MIN_VALUE, Math.exp(roundedUp(terms)) * (1 + rounding)))
}

/** The largest rho whose `epsilonOf` at `delta` is at most `epsilon`, rounded down: what may be spent in all. */
export const rhoOf = (epsilon: number, delta: number): number => {
  assertWithin(epsilon, 1e4, 'epsilon')
  assertDelta(delta)
  return lastBelow((rho) => epsilonOf(rho, delta) - epsilon)
}

const roundedUp = (terms: readonly number[]): number =>
  terms.reduce((sum, term) => sum + term + Math.abs(term) * rounding, 0)

/** Where a growing function passes 0, kept where the terms stay finite: any beta is sound. */
const crossing = (growing: (x: number) => number): number =>
  Math.min(1e100, Math.max(1e-300, lastBelow(growing)))

/** The last double, to a relative 2^-52, from 0 on at which a growing function is not above 0. */
const lastBelow = (growing: (x: number) => number): number => {
  let [low, high] = [0, 1]
  while (growing(high) <= 0) [low, high] = [high, high * 2]
  for (let step = 0; step < 1100 && high - low > high * Number.EPSILON; step++) {
    const middle = low + (high - low) / 2
    if (growing(middle) <= 0) low = middle
    else high = middle
  }
  return low
}

const assertWithin = (value: number, most: number, name: string): void => {
  if (!(value >= 0 && value <= most)) throw new RangeError(`${name} must lie between 0 and ${most}`)
}

const assertDelta = (delta: number): void => {
  if (!(delta > 0 && delta <= 0.5)) throw new RangeError('delta must be above 0 and at most 1/2')
}
