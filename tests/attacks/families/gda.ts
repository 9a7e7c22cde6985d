import { epsilonOf } from '../../../policies/privacy/zcdp.ts'
import { decide } from '../../../policies/query/decide.ts'
import { protectNoise, type Sampler } from '../../../sandbox/protect/noise.ts'
import { successOf, variationOf, type Share } from '../../support/bound.ts'
import { attributes, cells, cellsPlan, stageOf } from '../../support/cells.ts'
import { check } from '../../support/checker.ts'
import { openDuck } from '../../support/duck.ts'
import { valuesIn } from '../../support/gate.ts'
import { fillTown, townContext, townTables, type TownRows } from '../../support/town.ts'
import { leastSquares } from '../solve.ts'
import { gaussian, openFirms, silence, sizes, small, type Firms } from './cells.ts'
import { apartIn, distinguish, type Apart } from './distinguish.ts'
import { groups } from './reconstruction.ts'
import { added, type Family, type Size } from './row.ts'

/*
 * The three criteria of the Article 29 Working Party (WP216, 2014), scored as the General Data Anonymity score does
 * (Francis and others 2019): an attacker makes claims, and what counts is how far more of them are right than guessed.
 */
const times = (size: Size, few: number, many: number): number => (size === 'small' ? few : many)

/** Claims that a small cell holds exactly one enterprise, where least squares over all groupings says about one. */
const singledOut = (guesses: readonly number[]): Share => {
  const claimed = small.filter((index) => Math.round(guesses[index]!) === 1)
  return { right: claimed.filter((index) => sizes[index] === 1).length, of: claimed.length }
}

/**
 * Whoever may choose what to claim is right in more of the claims. With one enterprise more or less an answer is at most
 * e^epsilon times as likely, but for a chance delta; of that a share of claims has delta / (claims of all) at most.
 */
const mostSingledOut = (rho: number, prior: (size: number) => number, claimed: number): number =>
  Math.min(
    ...[1e-6, 1e-4, 1e-3, 1e-2, 0.03, 0.1].map((delta) => {
      const odds = Math.exp(epsilonOf(rho, delta)) * prior(1)
      return odds / (odds + prior(0) + prior(2)) + delta / claimed
    }),
  )

const spent = 0.25

export const singlingOut: Family = async (size) => {
  const firms = await openFirms()
  const ask = await groups(firms, spent * 1e9)
  const trial = (sampler: Sampler): Share => singledOut(leastSquares(ask(sampler), cells.length))
  const trials = times(size, 5, 300)
  const found = added(Array.from({ length: trials }, (_, run) => trial(gaussian(`single ${run}`))))
  const bare = trial(silence)
  firms.close()
  const prior = (one: number): number =>
    small.filter((index) => sizes[index] === one).length / small.length
  return {
    family: 'singling out',
    what: 'least squares over eight groupings; that a small cell holds exactly one enterprise',
    attempts: trials * small.length,
    refused: 0,
    released: found.of,
    inferred: found,
    baseline: prior(1),
    bound: mostSingledOut(spent, prior, found.of / (trials * small.length)),
    boundBy: 'e^epsilon of rho 0.25 on the odds of guessing',
    guardRemoved: bare,
    guard: 'no noise',
  }
}

/** One question may spend no more by the city's policy. */
const ofOne = 0.05

/** Which of three grades an enterprise has, everybody else and its place and trade being known. */
const gradeGuesses = async (
  firms: Firms,
  victim: number,
  samplers: readonly Sampler[],
): Promise<Share> => {
  const sql = 'select place, trade, grade, count(*) from firm group by place, trade, grade'
  const stage = stageOf(await cellsPlan(sql, ofOne * 1e9))
  const mates = attributes.grade.map((grade) =>
    cells.findIndex(
      (cell) =>
        cell.place === cells[victim]!.place &&
        cell.trade === cells[victim]!.trade &&
        cell.grade === grade,
    ),
  )
  const others = sizes.map((one, index) => (index === victim ? one - 1 : one))
  let right = 0
  for (const truth of mates) {
    await firms.fill(others.map((one, index) => (index === truth ? one + 1 : one)))
    const rows = await firms.exactRows(stage)
    for (const sampler of samplers) {
      const answered = valuesIn(protectNoise(stage, rows, sampler))
      const rests = mates.map((mate) => {
        const { place, trade, grade } = cells[mate]!
        const row = answered.find(([p, t, g]) => p === place && t === trade && g === grade)
        return Number(row?.[3]) - others[mate]!
      })
      if (mates[rests.indexOf(Math.max(...rests))] === truth) right += 1
    }
  }
  await firms.fill(sizes)
  return { right, of: mates.length * samplers.length }
}

export const inference: Family = async (size) => {
  const firms = await openFirms()
  const victims = small.slice(0, times(size, 2, 20))
  const samplersOf = (victim: number): readonly Sampler[] =>
    Array.from({ length: times(size, 30, 150) }, (_, run) => gaussian(`grade ${victim} ${run}`))
  const found = []
  const bare = []
  for (const victim of victims) {
    found.push(await gradeGuesses(firms, victim, samplersOf(victim)))
    bare.push(await gradeGuesses(firms, victim, [silence]))
  }
  firms.close()
  const all = added(found)
  return {
    family: 'inference of an attribute',
    what: 'the finest cube; which of three grades an enterprise has, everybody else known',
    attempts: all.of,
    refused: 0,
    released: all.of,
    inferred: all,
    baseline: 1 / 3,
    // Another grade is one enterprise less and one more: four times the rho (Bun and Steinke 2016, groups of two).
    bound: 1 / 3 + (2 / 3) * variationOf(4 * ofOne),
    boundBy: 'total variation, four times rho 0.05',
    guardRemoved: added(bare),
    guard: 'no noise',
  }
}

const linked: TownRows = {
  enterprise: Array.from({ length: 40 }, (_, index) => [
    String(index + 1),
    ['east', 'west', 'north'][index % 3]!,
    'food',
    '100.00',
    '2010-05-01',
    '4',
    'true',
  ]),
  tax: Array.from({ length: 80 }, (_, index) => [
    String(1 + (index % 40)),
    `2024-0${1 + Math.floor(index / 40)}-01`,
    'vat',
    '200.00',
    '5',
  ]),
}

export const linkability: Family = async (size) => {
  const duck = await openDuck()
  const without = linked['tax']!.filter(([uscc]) => uscc !== '7')
  for (const [schema, rows] of Object.entries({ linked, apart: { ...linked, tax: without } })) {
    await duck.run(`CREATE SCHEMA ${schema}`)
    await duck.run(`USE memory.${schema}`)
    await fillTown(duck, rows)
  }
  const texts = [
    'select e.district, count(distinct e.uscc) from enterprise e join tax t on e.uscc = t.uscc group by e.district',
    'select count(*), sum(t.amount), avg(t.late_days) from enterprise e join tax t on e.uscc = t.uscc',
    'select e.district, count(*) from enterprise e where exists (select 1 from tax t where t.uscc = e.uscc) group by e.district',
    'select count(*) from enterprise e left join tax t on e.uscc = t.uscc where t.uscc is null',
    'select e.uscc, t.uscc from enterprise e join tax t on e.uscc = t.uscc',
  ]
  const asked: Apart[] = []
  let refused = 0
  for (const text of texts) {
    const understood = await check(text, townTables)
    const decided = understood.ok ? decide(understood.value, townContext) : understood
    const other = { schema: 'apart', kind: 'enterprise' }
    if (!decided.ok) refused += 1
    else asked.push(...(await apartIn(duck, decided.value, 'linked', [other])))
  }
  duck.close()
  const runs = times(size, 100, 3000)
  const sampler = (run: number) => gaussian(`link ${run}`)
  const found = distinguish(asked, { runs, sampler })
  return {
    family: 'linkability',
    what: 'joins of two tables; whether one enterprise is in both, everybody else known',
    attempts: texts.length,
    refused,
    released: texts.length - refused,
    inferred: found,
    baseline: 0.5,
    bound: successOf(asked.reduce((sum, { rho }) => sum + rho, 0)),
    boundBy: 'total variation, rho 0.01 a question',
    guardRemoved: distinguish(asked, { runs: 1, sampler: () => silence }),
    guard: 'no noise',
  }
}
