import { randomBytes } from 'node:crypto'
import { rational, type Rational } from '../policies/privacy/rational.ts'
import { byteReader } from '../sandbox/noise/bytes.ts'
import { discreteGaussian } from '../sandbox/noise/gaussian.ts'

export type NoiseRow = {
  readonly name: string
  readonly perSecond: number
  /** Of the yardstick's speed: a floating-point Box-Muller loop over `Math.random`, which no one may use for noise. */
  readonly ratio: number
}

const sigmas: readonly (readonly [string, Rational])[] = [
  ['discrete Gaussian, count at rho 0.005 (sigma 10)', rational(100n)],
  ['discrete Gaussian, odd rho (sigma^2 = 500000000/4999999)', rational(500_000_000n, 4_999_999n)],
  ['discrete Gaussian, wide sum (sigma 1e15)', rational(10n ** 30n, 7n)],
]

/** Samples a second of the exact sampler, beside the yardstick. Takes about two seconds. */
export const benchNoise = (): readonly NoiseRow[] => {
  const yardstick = perSecond(boxMuller)
  const bytes = byteReader((length) => randomBytes(length))
  const rows = sigmas.map(([name, sigmaSquared]) => {
    const speed = perSecond(discreteGaussian(sigmaSquared, bytes))
    return { name, perSecond: Math.round(speed), ratio: speed / yardstick }
  })
  return [
    { name: 'yardstick: Box-Muller in floating point', perSecond: Math.round(yardstick), ratio: 1 },
    ...rows,
  ]
}

/** The best of five rounds of 50,000, after one to warm up. */
const perSecond = (draw: () => unknown): number => {
  let best = 0
  for (let round = 0; round < 6; round++) {
    const started = performance.now()
    for (let drawn = 0; drawn < 50_000; drawn++) draw()
    const speed = 50_000 / ((performance.now() - started) / 1000)
    if (round > 0) best = Math.max(best, speed)
  }
  return best
}

const boxMuller = (): bigint => {
  const radius = Math.sqrt(-2 * Math.log(1 - Math.random()))
  return BigInt(Math.round(10 * radius * Math.cos(2 * Math.PI * Math.random())))
}
