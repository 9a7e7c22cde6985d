import { openTownCheckers } from '../../support/attack.ts'
import { openDuck } from '../../support/duck.ts'
import { leastSquares, type Equation } from '../solve.ts'
import type { Family } from './row.ts'

/**
 * Predicates that choose a half of the entities by what they are called (Dinur and Nissim 2003; Cohen and Nissim 2020):
 * enough of such counts are equations for everybody's secret.
 */
const forms: readonly ((key: number) => string)[] = [
  (key) => `uscc % ${key} < ${Math.floor(key / 2)}`,
  (key) => `floor(5 * pow(uscc * ${key}, 0.5) + 0.5) = floor(5 * pow(uscc * ${key}, 0.5))`,
  (key) => `hash(uscc + ${key}) % 2 = 0`,
  (key) => `(uscc * ${key} + 7) % 97 < 48`,
  (key) => `md5(uscc || '${key}') < '8'`,
  (key) => `substr(cast(uscc as varchar), ${1 + (key % 5)}, 1) in ('1', '3', '5')`,
  (key) => `uscc in (${Array.from({ length: 20 }, (_, index) => (index * key) % 61).join(', ')})`,
  (key) =>
    `uscc in (select v from (values ${[1, 2, 3].map((step) => `(${step * key})`).join(', ')}) t(v))`,
  (key) => `xor(uscc, ${key}) > ${key}`,
  (key) => `uscc between ${key} and ${2 * key}`,
]
const people = 60

export const naming: Family = async (size) => {
  const keys = Array.from({ length: size === 'small' ? 2 : 24 }, (_, index) => 3 + 2 * index)
  const texts = keys.flatMap((key) =>
    forms.map((form) => `select count(*) from enterprise where listed and ${form(key)}`),
  )
  const checkers = openTownCheckers()
  const verdicts = await Promise.all(texts.map((text) => checkers.ask(text)))
  checkers.close()
  const released = verdicts.filter(({ accepted }) => accepted).length
  const duck = await openDuck()
  await duck.run(
    `CREATE TABLE enterprise AS SELECT r AS uscc, hash(r * 31) % 2 = 0 AS listed FROM range(${people}) t(r)`,
  )
  const equations: Equation[] = []
  for (let key = 0; key < 4 * people; key += 1) {
    const where = `hash(uscc + ${1000 * key}) % 2 = 0`
    const [[answer] = []] = await duck.rows(
      `select count(*) from enterprise where listed and ${where}`,
    )
    const chosen = await duck.rows(`select uscc from enterprise where ${where}`)
    equations.push({ cells: chosen.map(([one]) => Number(one)), answer: Number(answer) })
  }
  const secrets = await duck.rows('select listed from enterprise order by uscc')
  duck.close()
  const guesses = leastSquares(equations, people)
  const right = secrets.filter(([listed], at) => guesses[at]! > 0.5 === (listed === 'true')).length
  return {
    family: 'predicates that name entities',
    what: 'halves of the entities by key, digest, list and range; answered at all',
    attempts: texts.length,
    refused: texts.length - released,
    released,
    inferred: { right: released, of: texts.length },
    baseline: 0,
    bound: 0,
    boundBy: 'nothing is answered',
    guardRemoved: { right, of: people },
    guard: 'exact counts of such halves, least squares over them',
  }
}
