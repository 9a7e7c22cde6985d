import { expect, test } from 'vitest'
import { bucketOf } from '../../sandbox/bucket.ts'

test.for([
  [0, 250],
  [249, 250],
  [250, 250],
  [251, 1000],
  [3999, 4000],
  [15_999, 16_000],
  [16_001, 32_000],
  [40_000, 48_000],
])('an answer ready after %i ms leaves after %i ms', ([elapsedMs, leavesMs]) => {
  expect(bucketOf(elapsedMs!)).toBe(leavesMs)
})
