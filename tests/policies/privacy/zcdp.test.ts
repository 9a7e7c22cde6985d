import { expect, test } from 'vitest'
import { deltaOf, epsilonOf, rhoOf } from '../../../policies/privacy/zcdp.ts'

const deltas = [1e-5, 1e-6, 1e-7, 1e-9]

/** Computed with the published program of Canonne, Kamath and Steinke: rho, then epsilon at each delta above. */
const epsilons = [
  [0.001, 0.1573353932, 0.1828953772, 0.2055757462, 0.245119254],
  [0.005, 0.3752612357, 0.4299414688, 0.4788844355, 0.5648932843],
  [0.01, 0.5457255483, 0.6216926546, 0.6899149558, 0.8101744679],
  [0.025, 0.8966133352, 1.0140742547, 1.1199858316, 1.3073937638],
  [0.05, 1.3081183429, 1.4715947505, 1.6194085342, 1.8816602911],
  [0.1, 1.914238832, 2.1419389284, 2.3483517324, 2.7154818867],
  [0.125, 2.1657155452, 2.4190931769, 2.6489617897, 3.0581221668],
  [0.25, 3.1889711589, 3.5422913005, 3.8635576763, 4.4366842222],
  [0.5, 4.7283869849, 5.2215344445, 5.6708588355, 6.4740700207],
  [1, 7.0771966958, 7.7662166253, 8.3951426459, 9.5214636718],
  [2, 10.724824113, 11.6885962494, 12.5696916817, 14.1501475539],
] as const

const rows = epsilons.flatMap(([rho, ...row]) =>
  row.map((epsilon, index) => [rho, deltas[index]!, epsilon] as const),
)

test.each(rows)('rho %d at delta %d is epsilon %d', (rho, delta, epsilon) => {
  expect(epsilonOf(rho, delta)).toBeCloseTo(epsilon, 9)
})

test.each(rows)('delta comes back from rho %d, delta %d, epsilon %d', (rho, delta, epsilon) => {
  expect(deltaOf(rho, epsilon) / delta - 1).toBeCloseTo(0, 7)
})

test.each([
  [0.5, 0.006641524357],
  [1, 0.0243559704],
  [2, 0.08815268838],
  [3, 0.18506984065],
  [5, 0.46306499],
  [10, 1.539278764],
])('epsilon %d at delta 1e-6 allows rho %d', (epsilon, rho) => {
  expect(rhoOf(epsilon, 1e-6)).toBeCloseTo(rho, 8)
})

test('the values of another library: rho 1/32', () => {
  expect(epsilonOf(1 / 32, 1e-3)).toBeCloseTo(0.68800245549, 10)
  expect(deltaOf(1 / 32, 0)).toBeCloseTo(0.15084578456, 10)
})

test.each(rows)(
  'the result is below the simple bound rho + 2 sqrt(rho ln(1/delta)) at rho %d, delta %d',
  (rho, delta) => {
    expect(epsilonOf(rho, delta)).toBeLessThan(rho + 2 * Math.sqrt(rho * Math.log(1 / delta)))
  },
)

/** The formula evaluated naively over a fine grid of alpha can only be above the best alpha. */
test.each([
  [0.005, 0.43],
  [0.1, 0],
  [0.5, 5.2],
  [2, 3],
])('no alpha of a fine grid gives less delta at rho %d, epsilon %d', (rho, epsilon) => {
  let best = 1
  for (let exponent = -4; exponent <= 4; exponent += 0.001) {
    const alpha = 1 + 10 ** exponent
    const power = Math.exp((alpha - 1) * (alpha * rho - epsilon))
    best = Math.min(best, (power / (alpha - 1)) * (1 - 1 / alpha) ** alpha)
  }
  expect(deltaOf(rho, epsilon)).toBeLessThanOrEqual(best * (1 + 1e-9))
  expect(deltaOf(rho, epsilon) / best).toBeGreaterThan(1 - 1e-5)
})

test('the ways there and back err to the safe side', () => {
  for (const rho of [1e-9, 1e-6, 0.005, 0.3, 10, 1000]) {
    for (const delta of [1e-15, 1e-9, 1e-3, 0.5]) {
      const epsilon = epsilonOf(rho, delta)
      expect(rhoOf(epsilon, delta)).toBeGreaterThanOrEqual(rho * (1 - 1e-9))
      expect(epsilonOf(rhoOf(epsilon, delta), delta)).toBeLessThanOrEqual(epsilon)
      expect(epsilonOf(rho * 1.01, delta)).toBeGreaterThanOrEqual(epsilon)
    }
  }
})

test('nothing spent is nothing lost', () => {
  expect(epsilonOf(0, 1e-6)).toBe(0)
  expect(deltaOf(0, 0)).toBe(0)
})

test('extremes stay finite: delta is at most 1 and never 0 once something is spent', () => {
  expect(deltaOf(1e6, 0)).toBe(1)
  expect(deltaOf(1e-9, 1e4)).toBe(Number.MIN_VALUE)
  expect(deltaOf(1e-300, 1e4)).toBe(Number.MIN_VALUE)
  expect(epsilonOf(1e6, 1e-300)).toBeLessThan(1.1e6)
  expect(epsilonOf(1e-300, 1e-300)).toBeLessThan(1e-90)
  expect(epsilonOf(1e-9, 0.5)).toBe(0)
  expect(rhoOf(1e4, 0.5)).toBeGreaterThan(9000)
  expect(rhoOf(0, 1e-6)).toBeGreaterThan(0)
})

test.each([-1, Number.NaN, Infinity])('%d is no rho and no epsilon', (value) => {
  expect(() => epsilonOf(value, 1e-6)).toThrow(RangeError)
  expect(() => deltaOf(value, 1)).toThrow(RangeError)
  expect(() => deltaOf(1, value)).toThrow(RangeError)
  expect(() => rhoOf(value, 1e-6)).toThrow(RangeError)
})

test.each([0, -1e-6, 0.6, Number.NaN])('%d is no delta to report at', (delta) => {
  expect(() => epsilonOf(1, delta)).toThrow(RangeError)
  expect(() => rhoOf(1, delta)).toThrow(RangeError)
})
