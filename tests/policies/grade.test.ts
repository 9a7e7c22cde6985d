import { expect, test } from 'vitest'
import { classesOf, gradeOf, type Sharing } from '../../policies/grade.ts'

const all = (size: number, classes = 10): readonly number[] =>
  Array.from({ length: classes }, () => size)
const graded = (sizes: readonly number[], sharing: Sharing, contextRisk?: number) =>
  gradeOf(classesOf(sizes), { sharing, ...(contextRisk !== undefined && { contextRisk }) })

test('classes are told by their number, the smallest, the small ones and the sum of their chances', () => {
  expect(classesOf([1, 2, 4, 19, 20])).toEqual({
    classes: 5,
    smallest: 1,
    below3: 2,
    below5: 3,
    below20: 4,
    inverses: 1 + 1 / 2 + 1 / 4 + 1 / 19 + 1 / 20,
  })
})

// GB/T 42460-2023 annex D: thresholds 1/3, 1/5 and 1/20, strictly exceeded; a table is fit where the risk is below 0.05.
test.for<[Sharing, number, number, number]>([
  ['enclave', 3, 0.1 / 3, 3],
  ['enclave', 2, 1, 2],
  ['controlled', 5, 0.2, 2],
  ['controlled', 4, 1, 2],
  ['controlled', 21, 1 / 21, 3],
  ['public', 20, 1 / 20, 2],
  ['public', 21, 1 / 21, 3],
  ['public', 19, 1, 2],
])('shared %s, classes of %i have the risk %d and the grade %i', ([sharing, size, risk, grade]) => {
  const found = graded(all(size), sharing)
  expect(found.risk).toBeCloseTo(risk, 12)
  expect(found).toMatchObject({ grade, smallest: size })
})

test('one class that is too small spoils a table of large ones', () => {
  expect(graded([...all(1000, 5000), 2], 'enclave')).toEqual({ grade: 2, risk: 1, smallest: 2 })
  expect(graded([...all(1000, 5000), 3], 'enclave')).toMatchObject({ grade: 3, smallest: 3 })
})

test('under an agreement the chance is the mean one, times the risk of the receiver', () => {
  const sizes = [...all(5, 3), ...all(15, 3)]
  const mean = (1 / 5 + 1 / 15) / 2
  expect(graded(sizes, 'controlled').risk).toBeCloseTo(mean, 12)
  expect(graded(sizes, 'controlled', 0.3)).toMatchObject({ grade: 3 })
  expect(graded(sizes, 'controlled', 0.3).risk).toBeCloseTo(0.3 * mean, 12)
})

test('direct identifiers make the grade 1 whatever the classes', () => {
  expect(
    gradeOf(classesOf(all(1000)), { sharing: 'enclave', directIdentifiers: true }),
  ).toMatchObject({
    grade: 1,
  })
})
