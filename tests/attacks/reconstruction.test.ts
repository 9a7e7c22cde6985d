import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cells, cellsPlan, cellsTables, stageOf } from '../support/cells.ts'
import { shareOf } from '../support/bound.ts'
import { conditions, openFirms, silence, type Firms } from './families/cells.ts'
import { baseline, counts, groups, reconstruct, successIn } from './families/reconstruction.ts'
import { filter, otherConditions, otherWords, sameWords } from './families/wordings.ts'
import { openPlainDigests } from './plain-digest.ts'
import { leastSquares } from './solve.ts'

/*
 * 120 cells, 54 of them with one to nine firms. The scoreboard tells how well everything that can be asked of them names
 * the sizes; here stands what it means for the ledger.
 */
let firms: Firms
beforeAll(async () => {
  firms = await openFirms()
})
afterAll(() => firms.close())

const prove = process.env['SLUICE_PROVE'] !== undefined

describe('linear reconstruction', () => {
  test('finds every small cell behind a floor of ten, by asking for everything but it', async () => {
    const ask = await counts(firms, 1e9)
    const shown = ask(silence).filter(({ answer }) => answer >= 10)
    expect(shown.length).toBeLessThan(conditions.length)
    expect(shareOf(successIn(leastSquares(shown, cells.length)).exact)).toBe(1)
  })

  test('does no better than naming one size for all, for all that an agreement may spend', async () => {
    const [exactly, nearly] = [shareOf(baseline.exact), shareOf(baseline.near)]
    expect(exactly).toBeLessThan(0.25)
    const spent = [
      await reconstruct(firms, counts, { rho: 0.25, trials: prove ? 8 : 1 }),
      await reconstruct(firms, groups, { rho: 0.25, trials: 8 }),
      await reconstruct(firms, groups, { rho: 0.1, trials: 8 }),
      await reconstruct(firms, groups, { rho: 0.025, trials: 8 }),
    ]
    for (const { exact } of spent) expect(shareOf(exact)).toBeLessThan(exactly)
    for (const { near } of spent.slice(2)) expect(shareOf(near)).toBeLessThan(nearly)
  })
})

describe('asked again in other words', () => {
  const same = sameWords
  const others = [...otherWords(filter), ...otherConditions]

  test('it is the same question, and gets the same answer for nothing', async () => {
    const digests = new Set<string>()
    for (const sql of same) digests.add((await cellsPlan(sql)).question)
    expect(digests.size).toBe(1)
  })

  test('without a normal form it would be another question, paid for again and with noise of its own', async () => {
    const { digests, close } = await openPlainDigests(cellsTables)
    const found: Record<string, number> = {}
    for (const [name, digest] of Object.entries(digests)) {
      const all = new Set<string>()
      for (const sql of same) all.add(await digest(sql))
      found[name] = all.size
    }
    const spaced = same[0]!.replaceAll(' ', '  ').replace('select', 'SELECT')
    for (const name of ['words of the text', 'tree before its normal form'] as const)
      expect(await digests[name](spaced), name).toBe(await digests[name](same[0]!))
    close()
    expect(found).toEqual({
      text: 9,
      'words of the text': 9,
      'tree before its normal form': 9,
    })
  })

  test('what is another question is paid for, so that averages cost as much as one good answer', async () => {
    const plans = []
    for (const sql of [same[0]!, ...others]) plans.push(await cellsPlan(sql))
    expect(new Set(plans.map(({ question }) => question)).size).toBe(plans.length)
    for (const { cost } of plans) expect(cost).toMatchObject([{ rhoNano: 5_000_000 }])
    const [first] = plans.map((plan) => stageOf(plan).mechanisms[0]!.sigma2)
    const [better] = stageOf(await cellsPlan(same[0]!, 5_000_000 * plans.length)).mechanisms
    const variance = ({ numerator, denominator }: typeof first & object): number =>
      Number(BigInt(numerator)) / Number(BigInt(denominator))
    expect(variance(first!) / plans.length).toBeGreaterThanOrEqual(
      variance(better!.sigma2) * (1 - 1e-9),
    )
  })
})
