/*
 * Linear reconstruction (Dinur and Nissim 2003): answers are sums over unknown cells, and least squares finds the cells.
 */
export type Equation = { readonly cells: readonly number[]; readonly answer: number }

/** The least-squares solution, by the normal equations and Cholesky; a little of the identity keeps them regular. */
export const leastSquares = (equations: readonly Equation[], unknowns: number): number[] => {
  const matrix = Array.from({ length: unknowns }, (_, row) =>
    Array.from({ length: unknowns }, (_, column) => (row === column ? 1e-6 : 0)),
  )
  const right = Array.from({ length: unknowns }, () => 0)
  for (const { cells, answer } of equations)
    for (const row of cells) {
      right[row]! += answer
      for (const column of cells) matrix[row]![column]! += 1
    }
  return solve(matrix, right)
}

/** Solves a positive definite system by Cholesky's decomposition; the matrix is used up. */
export const solve = (matrix: number[][], right: number[]): number[] => {
  const size = right.length
  for (let row = 0; row < size; row += 1)
    for (let column = 0; column <= row; column += 1) {
      let sum = matrix[row]![column]!
      for (let k = 0; k < column; k += 1) sum -= matrix[row]![k]! * matrix[column]![k]!
      matrix[row]![column] = row === column ? Math.sqrt(sum) : sum / matrix[column]![column]!
    }
  const half: number[] = []
  for (let row = 0; row < size; row += 1) {
    let sum = right[row]!
    for (let k = 0; k < row; k += 1) sum -= matrix[row]![k]! * half[k]!
    half.push(sum / matrix[row]![row]!)
  }
  const found = Array.from({ length: size }, () => 0)
  for (let row = size - 1; row >= 0; row -= 1) {
    let sum = half[row]!
    for (let k = row + 1; k < size; k += 1) sum -= matrix[k]![row]! * found[k]!
    found[row] = sum / matrix[row]![row]!
  }
  return found
}
