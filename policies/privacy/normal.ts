/**
 * P[Z >= z] of the standard normal law, relative error below 1e-12 for 0 <= z <= 37 (checked against 50-digit values).
 * Below 3 the odd series z + z^3/3 + z^5/15 + ... of Marsaglia (2004), above it Laplace's continued fraction; NIST DLMF
 * 7.6.2 and 7.9. Beyond 37 the value is below 1e-299 and is returned as that.
 */
export const normalTail = (z: number): number => {
  if (!(z >= 0)) throw new RangeError('the tail is computed from 0 upwards')
  if (z > 37) return 1e-299
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)
  return z < 3 ? 0.5 - density * oddSeries(z) : density / continuedFraction(z)
}

/** A z from 0 to 37 with P[Z >= z] <= `probability`, at most 1e-11 above the smallest. `probability` from 1e-290 to 0.5. */
export const normalQuantile = (probability: number): number => {
  let [below, above] = [0, 37]
  while (above - below > 1e-11) {
    const middle = (below + above) / 2
    if (normalTail(middle) * (1 + 1e-11) <= probability) above = middle
    else below = middle
  }
  return above
}

const oddSeries = (z: number): number => {
  let [term, sum] = [z, z]
  for (let odd = 3; term > sum * 1e-17; odd += 2) {
    term *= (z * z) / odd
    sum += term
  }
  return sum
}

/** z + 1/(z + 2/(z + 3/...)), from the 200th term backwards: enough for z >= 3. */
const continuedFraction = (z: number): number => {
  let value = z
  for (let term = 200; term >= 1; term--) value = z + term / value
  return value
}
