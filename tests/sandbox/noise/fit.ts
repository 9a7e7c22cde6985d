/**
 * Pearson's chi-squared test of `count` draws against a law on the integers. Values from -m to m have a cell each, m the
 * largest at which the law expects 20 draws, and the two tails are a cell each where they expect 5. Answers true when the
 * statistic is below its 99.9 % point (Wilson and Hilferty's cube root; good to 1 % from 3 degrees on).
 */
export const fits = (draw: () => bigint, law: (x: bigint) => number, count: number): boolean => {
  let most = 0n
  while (law(most + 1n) * count >= 20) most++
  const seen = new Map<bigint, number>()
  for (let drawn = 0; drawn < count; drawn++) {
    const cell = clamp(draw(), most + 1n)
    seen.set(cell, (seen.get(cell) ?? 0) + 1)
  }
  let [statistic, cells, inside] = [0, 0, 0]
  const add = (cell: bigint, probability: number): void => {
    const expected = probability * count
    statistic += ((seen.get(cell) ?? 0) - expected) ** 2 / expected
    cells++
  }
  for (let x = -most; x <= most; x++) {
    add(x, law(x))
    inside += law(x)
  }
  const tail = (1 - inside) / 2
  if (tail * count >= 5) {
    add(-most - 1n, tail)
    add(most + 1n, tail)
  }
  const degrees = cells - 1
  const critical = degrees * (1 - 2 / (9 * degrees) + 3.0902 * Math.sqrt(2 / (9 * degrees))) ** 3
  return statistic < critical
}

const clamp = (x: bigint, most: bigint): bigint => (x > most ? most : x < -most ? -most : x)
