import { expect, test } from 'vitest'
import { dueMsOf } from '../../policies/freshness.ts'
import { cycles } from '../../policies/quality.ts'

const dayMs = 86_400_000

test('a dataset is due two cycles after its newest date (S2-08e)', () => {
  const publishedMs = Date.UTC(2026, 0, 31)
  expect(new Date(dueMsOf('monthly', { publishedMs, ageDays: 30 })).toISOString()).toBe(
    '2026-03-04T00:00:00.000Z',
  )
  expect(dueMsOf('daily', { publishedMs, ageDays: 0 })).toBe(publishedMs + 2 * dayMs)
  for (const [cycle, days] of Object.entries(cycles))
    expect(dueMsOf(cycle as keyof typeof cycles, { publishedMs, ageDays: 3 * days })).toBe(
      publishedMs - days * dayMs,
    )
})
