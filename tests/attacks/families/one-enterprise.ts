import { successOf } from '../../support/bound.ts'
import { cells, cellsPlan } from '../../support/cells.ts'
import { gaussian, openFirms, rightness, silence, small, type Asked } from './cells.ts'
import { added, mean, type Family, type Size } from './row.ts'
import { otherWords, sameWords } from './wordings.ts'

/** Of one question; the ledger is charged it for each. */
const rhoNano = 5_000_000
const runsOf = (size: Size): number => (size === 'small' ? 40 : 250)
const victimsOf = (size: Size): readonly number[] => small.slice(0, size === 'small' ? 2 : 20)

const aloneOf = (victim: number): string => {
  const { place, trade, grade } = cells[victim]!
  return `place = '${place}' and trade = '${trade}' and grade = '${grade}'`
}

const count = (where: string, weight: number): Asked => ({
  sql: `select count(*) from firm${where === '' ? '' : ` where ${where}`}`,
  weight,
})

/** Sets of questions whose weighted sum is the number of firms in the victim's cell (Denning and Denning 1979). */
const trackersOf = (victim: number): readonly (readonly Asked[])[] => {
  const alone = aloneOf(victim)
  const { place, trade, grade } = cells[victim]!
  const other = place === 'p1' ? 'p2' : 'p1'
  const half = "place in ('p1', 'p2', 'p3', 'p4')"
  const rest = `trade = '${trade}' and grade = '${grade}'`
  const byPlace = (where: string, weight: number): Asked => ({
    sql: `select place, count(*) from firm${where} group by place`,
    weight,
    read: (rows) => Number(rows.find(([key]) => key === place)?.[1]),
  })
  return [
    // Asked for as it is, and among conditions that hold for nobody.
    [count(alone, 1)],
    [count(`(${alone}) or (place = 'p1' and place = 'p2')`, 1)],
    // All, less all but it.
    [count('', 1), count(`not (${alone})`, -1)],
    // A general tracker: with one half of the city and with the other, less both halves.
    [
      count(`(${alone}) or ${half}`, 1),
      count(`(${alone}) or not (${half})`, 1),
      count(half, -1),
      count(`not (${half})`, -1),
    ],
    // A range that creeps on by one.
    [
      count(`place in ('${place}', '${other}') and ${rest}`, 1),
      count(`place = '${other}' and ${rest}`, -1),
    ],
    // A total of a table, less the same total of a table without it.
    [byPlace('', 1), byPlace(` where not (${alone})`, -1)],
  ]
}

export const trackers: Family = async (size) => {
  const firms = await openFirms()
  const found = []
  const bare = []
  const bounds: number[] = []
  for (const victim of victimsOf(size))
    for (const asked of trackersOf(victim)) {
      const attack = { victim, asked, rhoNano }
      const sampler = (run: number) => gaussian(`tracker ${victim} ${asked[0]!.sql} ${run}`)
      found.push(await rightness(firms, { ...attack, runs: runsOf(size), sampler }))
      bare.push(await rightness(firms, { ...attack, runs: 1, sampler: () => silence }))
      bounds.push(successOf((asked.length * rhoNano) / 1e9))
    }
  firms.close()
  return {
    family: 'trackers and differences',
    what: 'sets of one to four questions that leave one cell; is one enterprise in it',
    attempts: found.length,
    refused: 0,
    released: found.length,
    inferred: added(found),
    baseline: 0.5,
    bound: mean(bounds),
    boundBy: 'total variation, rho 0.005 a question',
    guardRemoved: added(bare),
    guard: 'no noise',
  }
}

export const averaging: Family = async (size) => {
  const firms = await openFirms()
  const found = []
  const bare = []
  const digests = new Set<string>()
  let asked: readonly Asked[] = []
  for (const victim of victimsOf(size)) {
    const alone = aloneOf(victim)
    const plain = `select place, count(*) from firm where ${alone} group by place`
    const texts = [plain, ...otherWords(alone)]
    const { place } = cells[victim]!
    asked = texts.map((sql) => ({
      sql,
      weight: 1 / texts.length,
      read: (rows) => Number(rows.find(([key]) => key === place)?.at(-1)),
    }))
    for (const sql of [...sameWords, ...texts])
      digests.add((await cellsPlan(sql, rhoNano)).question)
    const sampler = (run: number) => gaussian(`average ${victim} ${run}`)
    const attack = { victim, rhoNano, sampler }
    found.push(await rightness(firms, { ...attack, asked, runs: runsOf(size) }))
    const again = [{ ...asked[0]!, weight: 1 }]
    bare.push(
      await rightness(firms, {
        ...attack,
        asked: again,
        runs: size === 'small' ? 1 : 5,
        repeats: 2000,
      }),
    )
  }
  firms.close()
  return {
    family: 'averaging',
    what: '9 ways to write one question, and 6 questions that ask for the same; is one enterprise there',
    attempts: sameWords.length + victimsOf(size).length * asked.length,
    refused: 0,
    // Nine texts are one question and get one answer.
    released: digests.size,
    inferred: added(found),
    baseline: 0.5,
    bound: successOf((asked.length * rhoNano) / 1e9),
    boundBy: 'total variation, rho 0.005 a question',
    guardRemoved: added(bare),
    guard: 'an equal question gets new noise, 2,000 times',
  }
}
