import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Contributions } from '../../../policies/output/contributions.ts'
import { checkDegreesOfFreedom } from '../../../policies/output/degrees-of-freedom.ts'
import { checkEqualValues } from '../../../policies/output/equal-values.ts'
import { checkFloor } from '../../../policies/output/floor.ts'
import { checkHomogeneous } from '../../../policies/output/homogeneous.ts'
import { checkNK } from '../../../policies/output/n-k.ts'
import { checkNegative } from '../../../policies/output/negative.ts'
import { checkPPercent } from '../../../policies/output/p-percent.ts'
import { checkZeroOrFull } from '../../../policies/output/zero-or-full.ts'
import { sharedFolder } from '../../support/shared.ts'

/** Contributions from values with at most six decimals. */
const contributionsOf = (values: readonly number[]): Contributions => {
  const totals = values
    .map((value) => BigInt(Math.round(Math.abs(value) * 1e6)))
    .sort((a, b) => (a < b ? 1 : -1))
  return {
    total: totals.reduce((sum, value) => sum + value, 0n),
    largest: totals,
    smallest: totals.at(-1) ?? 0n,
    nonZero: BigInt(totals.filter((total) => total > 0n).length),
    smallestNonZero: totals.findLast((total) => total > 0n) ?? 0n,
    negatives: BigInt(values.filter((value) => value < 0).length),
  }
}

describe('dominance at its boundaries', () => {
  test.each([
    ['D01', [100], 'fail', 'fail'],
    ['D02', [100, 50], 'fail', 'fail'],
    ['D03', [100, 50, 10], 'pass', 'fail'],
    ['D04', [100, 50, 9.99], 'fail', 'fail'],
    ['D05', [60, 30, 10], 'pass', 'fail'],
    ['D06', [60, 29.9, 10.1], 'pass', 'pass'],
    ['D07', [50, 50, 5], 'pass', 'fail'],
    ['D08', [50, 50, 4.9], 'fail', 'fail'],
    ['D10', Array.from({ length: 12 }, () => 5), 'pass', 'pass'],
    ['D11', [700, 200, 60, 40, 10], 'pass', 'pass'],
    ['D12', [900, 60, 40, 10], 'fail', 'fail'],
    ['D14', [50_000, 49_000, 1000], 'fail', 'fail'],
    ['D17 a', [1e6, ...Array.from({ length: 11 }, () => 1)], 'fail', 'fail'],
  ])('%s', (_, values, p, nk) => {
    expect(checkPPercent(contributionsOf(values), 10).verdict).toBe(p)
    expect(checkNK(contributionsOf(values), 2, 90).verdict).toBe(nk)
  })

  test('D13: fractions of a percent count', () => {
    const handbook: Contributions = {
      total: 110_000n,
      largest: [52_000n, 50_000n],
      smallest: 1n,
      nonZero: 9n,
      smallestNonZero: 1n,
      negatives: 0n,
    }
    expect(checkPPercent(handbook, 10).verdict).toBe('pass')
    expect(checkNK(handbook, 2, 90.9).verdict).toBe('fail')
    expect(checkPPercent(handbook, 15.4).verdict).toBe('fail')
  })

  test('D09 and D10: all zero or all equal is no dominance, and a matter for people', () => {
    const zeros = contributionsOf(Array.from({ length: 12 }, () => 0))
    expect([checkPPercent(zeros, 10).verdict, checkNK(zeros, 2, 90).verdict]).toEqual([
      'pass',
      'pass',
    ])
    expect(checkEqualValues(zeros).verdict).toBe('review')
    expect(checkEqualValues(contributionsOf([5, 5, 5])).verdict).toBe('review')
    expect(checkEqualValues(contributionsOf([5, 5, 6])).verdict).toBe('pass')
  })

  test('D17: a negative value is flagged and makes no failure milder', () => {
    const mixed = contributionsOf([1e6, ...Array.from({ length: 11 }, () => 1), -1])
    expect(checkNegative(mixed).verdict).toBe('review')
    expect(checkPPercent(mixed, 10).verdict).toBe('fail')
    expect(checkNegative(contributionsOf([1])).verdict).toBe('pass')
  })
})

test('T01, T02, T07: entities with a value are counted, ten pass and nine do not', () => {
  const enterprise = { kind: 'enterprise', floor: 10 }
  expect(checkFloor(enterprise, 9n, true)).toEqual({
    rule: 'floor',
    verdict: 'fail',
    measured: 'enterprise 9',
    limit: '10',
  })
  expect(checkFloor(enterprise, 10n, true).verdict).toBe('pass')
  expect(checkFloor(enterprise, 63n, false).measured).toBe('enterprise at least 63')
})

test('M01: ten degrees of freedom pass', () => {
  expect([11n, 12n, 13n, 14n].map((n) => checkDegreesOfFreedom(n, 3n).verdict)).toEqual([
    'fail',
    'fail',
    'pass',
    'pass',
  ])
})

test('T05: none and all are flagged, and a group that is all alike in a sensitive dimension fails', () => {
  expect(checkZeroOrFull(0n, 12n).verdict).toBe('review')
  expect(checkZeroOrFull(12n, 12n).verdict).toBe('review')
  expect(checkZeroOrFull(5n, 12n).verdict).toBe('pass')
  expect(checkZeroOrFull(0n, 0n).verdict).toBe('pass')
  expect(checkHomogeneous(12n, 12n).verdict).toBe('fail')
  expect(checkHomogeneous(12n, 14n).verdict).toBe('pass')
  expect(checkHomogeneous(0n, 0n).verdict).toBe('pass')
})

type Vector = { id: string; input: Record<string, unknown>; our_expected: Record<string, string> }
const folder = sharedFolder()

describe.skipIf(folder === undefined)('the published vectors', () => {
  const vectors = folder
    ? (JSON.parse(
        readFileSync(`${folder}/reference/disclosure-control-vectors.json`, 'utf8'),
      ) as Vector[])
    : []
  const simple = vectors.filter(
    ({ input, our_expected: expected }) =>
      Array.isArray(input['contributions']) &&
      input['contributions'].every((value) => typeof value === 'number') &&
      expected['p_percent'] !== undefined,
  )

  test.each(simple.map((vector) => [vector.id, vector] as const))(
    '%s',
    (_, { input, our_expected: expected }) => {
      const contributions = contributionsOf(input['contributions'] as number[])
      const nk = expected['nk'] ?? expected['nk_2'] ?? ''
      const said = (text: string): string => (text.startsWith('fail') ? 'fail' : 'pass')
      expect(checkPPercent(contributions, 10).verdict).toBe(said(expected['p_percent']!))
      expect(checkNK(contributions, 2, 90).verdict).toBe(said(nk))
    },
  )

  test('L01: shares of entities in groups of sectors and years, with 85 % unsafe', () => {
    const log = vectors.find(({ id }) => id === 'L01-sdclog')!
    const rows = log.input['rows'] as {
      id: string
      sector: string
      year: number
      v1: number | null
      v2: number | null
    }[]
    const verdictOf = (chosen: typeof rows): string => {
      const totals = new Map<string, number>()
      for (const row of chosen)
        if (row.v1 !== null) totals.set(row.id, (totals.get(row.id) ?? 0) + Math.abs(row.v1))
      return checkNK(contributionsOf([...totals.values()]), 2, 85).verdict
    }
    expect(verdictOf(rows)).toBe('pass')
    expect(verdictOf(rows.filter(({ sector }) => sector === 'S2'))).toBe('pass')
    expect(verdictOf(rows.filter(({ sector, year }) => sector === 'S1' && year === 2020))).toBe(
      'fail',
    )
    expect(verdictOf(rows.filter(({ sector, year }) => sector === 'S2' && year === 2020))).toBe(
      'fail',
    )
  })
})
