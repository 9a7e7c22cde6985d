/** Logistic regression by iteratively reweighted least squares, standardised, ridge 1: a naive reference for tests. */
type Sample = { readonly x: readonly (readonly number[])[]; readonly y: readonly number[] }

const standardised = ({ x }: Sample, by: Sample): number[][] => {
  const columns = by.x[0]!.map((_, j) => by.x.map((row) => row[j]!))
  const means = columns.map((values) => values.reduce((a, b) => a + b, 0) / values.length)
  const sds = columns.map((values, j) =>
    Math.sqrt(values.reduce((sum, v) => sum + (v - means[j]!) ** 2, 0) / values.length),
  )
  return x.map((row) => [1, ...row.map((v, j) => (sds[j]! > 0 ? (v - means[j]!) / sds[j]! : 0))])
}

/** Solves a symmetric positive definite system by elimination. */
const solve = (matrix: readonly (readonly number[])[], right: readonly number[]): number[] => {
  const rows = matrix.map((row, i) => [...row, right[i]!])
  for (let i = 0; i < rows.length; i += 1)
    for (let j = i + 1; j < rows.length; j += 1) {
      const factor = rows[j]![i]! / rows[i]![i]!
      for (let k = i; k <= rows.length; k += 1) rows[j]![k]! -= factor * rows[i]![k]!
    }
  const solution = rows.map(() => 0)
  for (let i = rows.length - 1; i >= 0; i -= 1) {
    const known = solution.reduce((sum, value, k) => sum + (k > i ? rows[i]![k]! * value : 0), 0)
    solution[i] = (rows[i]![rows.length]! - known) / rows[i]![i]!
  }
  return solution
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0)

const fit = (x: readonly (readonly number[])[], y: readonly number[]): number[] => {
  let weights = x[0]!.map(() => 0)
  for (let round = 0; round < 8; round += 1) {
    const hessian = weights.map((_, j) => weights.map((__, k) => (j === k && j > 0 ? 1 : 0)))
    const gradient = weights.map((weight, j) => (j > 0 ? -weight : 0))
    x.forEach((row, i) => {
      const p = 1 / (1 + Math.exp(-dot(row, weights)))
      for (let j = 0; j < row.length; j += 1) {
        gradient[j]! += row[j]! * (y[i]! - p)
        for (let k = 0; k < row.length; k += 1)
          hessian[j]![k]! += row[j]! * row[k]! * Math.max(1e-9, p * (1 - p))
      }
    })
    const step = solve(hessian, gradient)
    weights = weights.map((weight, j) => weight + step[j]!)
  }
  return weights
}

/** The area under the ROC curve, ties counted half. */
export const aucOf = (scores: readonly number[], y: readonly number[]): number => {
  const sorted = scores.map((score, i) => ({ score, y: y[i]! })).sort((a, b) => a.score - b.score)
  let [rankSum, at] = [0, 0]
  while (at < sorted.length) {
    let end = at
    while (end < sorted.length && sorted[end]!.score === sorted[at]!.score) end += 1
    for (let i = at; i < end; i += 1) rankSum += sorted[i]!.y * ((at + end + 1) / 2)
    at = end
  }
  const bad = y.reduce((a, b) => a + b, 0)
  return (rankSum - (bad * (bad + 1)) / 2) / (bad * (y.length - bad))
}

/** Trains on one sample and answers the area under the curve on another. */
export const trainedAuc = (train: Sample, test: Sample): number => {
  const weights = fit(standardised(train, train), train.y)
  return aucOf(
    standardised(test, train).map((row) => dot(row, weights)),
    test.y,
  )
}
