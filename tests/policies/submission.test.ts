import { expect, test } from 'vitest'
import { submissionSchema } from '../../policies/submission.ts'

test.each([
  [undefined, true],
  [0, true],
  [1e-9, true],
  [0.01, true],
  [1e-10, false],
  [-1e-9, false],
  [10.5, false],
])('a rho of %s may be asked for: %s', (rho, taken) => {
  const submission = {
    kind: 'query',
    agreement: 'a',
    sql: 'select 1',
    ...(rho !== undefined && { rho }),
  }
  expect(submissionSchema.safeParse(submission).success).toBe(taken)
})
