import type { NoiseStage } from '../../../policies/query/plan.ts'
import { byteReader } from '../../../sandbox/noise/bytes.ts'
import { discreteGaussian } from '../../../sandbox/noise/gaussian.ts'
import { protectNoise, type Sampler } from '../../../sandbox/protect/noise.ts'
import {
  attributeNames,
  attributes,
  cells,
  cellsPlan,
  firmsSql,
  sizesOf,
  stageOf,
} from '../../support/cells.ts'
import { openDuck } from '../../support/duck.ts'
import { answersIn, silence, valuesIn } from '../../support/gate.ts'
import { seededBytes } from '../../support/seeded.ts'
import type { Share } from '../../support/bound.ts'

/** Sizes of 120 cells, 54 of them of one to nine firms. */
export const sizes = sizesOf(1)
export const small = sizes.flatMap((size, index) => (size < 10 ? [index] : []))
export { silence }

export const gaussian = (seed: string): Sampler => {
  const bytes = byteReader(seededBytes(seed))
  return (variance) => discreteGaussian(variance, bytes)
}

export type Rows = Awaited<ReturnType<typeof answersIn>>
export type Firms = {
  readonly exactRows: (stage: NoiseStage) => Promise<Rows>
  readonly fill: (sizes: readonly number[]) => Promise<void>
  readonly close: () => void
}

export const openFirms = async (): Promise<Firms> => {
  const duck = await openDuck()
  await duck.run(firmsSql(sizes))
  return {
    exactRows: (stage) => answersIn(stage, duck),
    fill: (sizes) => duck.run(firmsSql(sizes)),
    close: duck.close,
  }
}

type Cell = (typeof cells)[number]
export type Condition = { readonly sql: string; readonly holds: (cell: Cell) => boolean }

/** Each attribute left alone, equal to a value, or different from it. */
export const conditions: readonly Condition[] = attributeNames.reduce<readonly Condition[]>(
  (sofar, name) =>
    sofar.flatMap(({ sql, holds }) => [
      { sql, holds },
      ...attributes[name].flatMap((value) => [
        {
          sql: `${sql} and ${name} = '${value}'`,
          holds: (cell: Cell) => holds(cell) && cell[name] === value,
        },
        {
          sql: `${sql} and ${name} <> '${value}'`,
          holds: (cell: Cell) => holds(cell) && cell[name] !== value,
        },
      ]),
    ]),
  [{ sql: 'true', holds: () => true }],
)

export const cellsWhere = (holds: Condition['holds']): readonly number[] =>
  cells.flatMap((cell, index) => (holds(cell) ? [index] : []))

/** A question, and the one number of its answer that an attacker takes. */
export type Asked = {
  readonly sql: string
  readonly weight: number
  readonly read?: (rows: readonly (readonly unknown[])[]) => number
}
const onlyNumber = (rows: readonly (readonly unknown[])[]): number => Number(rows[0]?.at(-1))

export type Attack = {
  readonly victim: number
  readonly asked: readonly Asked[]
  readonly rhoNano: number
  /** How many times on either side. */
  readonly runs: number
  readonly sampler: (run: number) => Sampler
  /** Answers to each question that are averaged. */
  readonly repeats?: number
}

/**
 * How often an attacker is right who knows everybody but one firm of the victim's cell, adds up answers with weights,
 * and says whether that firm is there.
 */
export const rightness = async (firms: Firms, attack: Attack): Promise<Share> => {
  const { victim, asked, rhoNano, runs, sampler, repeats = 1 } = attack
  const stages: NoiseStage[] = []
  for (const { sql } of asked) stages.push(stageOf(await cellsPlan(sql, rhoNano)))
  const without = sizes.map((size, index) => (index === victim ? size - 1 : size))
  const scoreOf = (rows: readonly Rows[], draw: Sampler): number => {
    let score = 0
    for (const [index, { weight, read = onlyNumber }] of asked.entries())
      for (let repeat = 0; repeat < repeats; repeat += 1)
        score += weight * read(valuesIn(protectNoise(stages[index]!, rows[index]!, draw)))
    return score / repeats
  }
  const worlds: (readonly Rows[])[] = []
  for (const content of [sizes, without]) {
    await firms.fill(content)
    const rows: Rows[] = []
    for (const stage of stages) rows.push(await firms.exactRows(stage))
    worlds.push(rows)
  }
  const [present, absent] = worlds.map((rows) => scoreOf(rows, silence)) as [number, number]
  let right = 0
  for (const [world, rows] of worlds.entries())
    for (let run = 0; run < runs; run += 1) {
      const score = scoreOf(rows, sampler(run + world * runs))
      const saysPresent = Math.abs(score - present) < Math.abs(score - absent)
      if (saysPresent === (world === 0)) right += 1
    }
  return { right, of: 2 * runs }
}
