import { HUGEINT } from '../../../policies/relation/type.ts'
import type { NoiseStage, Plan } from '../../../policies/query/plan.ts'
import { protectNoise, type Sampler } from '../../../sandbox/protect/noise.ts'
import { valuesIn } from '../../support/gate.ts'
import type { openDuck } from '../../support/duck.ts'
import type { Share } from '../../support/bound.ts'
import { answersOf, exactFrom } from '../neighbours.ts'

type Duck = Awaited<ReturnType<typeof openDuck>>

/** What two towns answer to one question before noise, and how far apart that is. */
export type Apart = {
  readonly stage: NoiseStage
  readonly rows: readonly [Rows, Rows]
  /** The sum of squared differences, each over the variance of its noise: twice the rho that was really used. */
  readonly information: number
  /** Weights of the likelihood ratio, by group and mechanism, and the middle of what both towns score. */
  readonly weights: ReadonlyMap<string, readonly number[]>
  readonly middle: number
  /** Charged for the kind of entity that is missing in one of them. */
  readonly rho: number
}
type Rows = Awaited<ReturnType<typeof answersOf>>

const varianceOf = ({ sigma2 }: NoiseStage['mechanisms'][number]): number =>
  Number(BigInt(sigma2.numerator)) / Number(BigInt(sigma2.denominator))

type Neighbour = { readonly schema: string; readonly kind: string }

/**
 * How far a question tells a town from each of its neighbours; none for plans whose noisy groups are not public, of
 * more than one stage, or that draw trees: they are audited elsewhere.
 */
export const apartIn = async (
  duck: Duck,
  plan: Plan,
  whole: string,
  neighbours: readonly Neighbour[],
): Promise<readonly (Apart & Neighbour)[]> => {
  const [stage] = plan.stages
  if (plan.stages.length !== 1 || stage?.kind !== 'noise' || stage.threshold) return []
  if (stage.mechanisms.some(({ tree }) => tree !== undefined)) return []
  const here = await answersOf(duck, whole, stage)
  const found: (Apart & Neighbour)[] = []
  for (const { schema, kind } of neighbours) {
    const there = await answersOf(duck, schema, stage)
    const rho = (plan.cost.find((cost) => cost.kind === kind)?.rhoNano ?? 0) / 1e9
    const apart = between(stage, [here, there])
    if (apart.information > 0) found.push({ ...apart, rho, schema, kind })
  }
  return found
}

const between = (first: NoiseStage, rows: readonly [Rows, Rows]): Omit<Apart, 'rho'> => {
  const exact = rows.map((one) => exactFrom(first, one).units)
  const weights = new Map<string, readonly number[]>()
  let [information, middle] = [0, 0]
  for (const group of new Set(exact.flatMap((town) => [...town.keys()]))) {
    const own = first.mechanisms.map((mechanism, index) => {
      const [here, there] = exact.map((town) => Number(town.get(group)?.[index] ?? 0n))
      const [apart, variance] = [here! - there!, varianceOf(mechanism)]
      information += apart ** 2 / variance
      middle += (apart * (here! + there!)) / 2 / variance
      return apart / variance
    })
    weights.set(group, own)
  }
  // Whoever attacks is given more than an answer has: each noisy integer by itself.
  const figures: NoiseStage['figures'] = first.mechanisms.map((_, part) => ({
    name: 'sum',
    type: HUGEINT,
    parts: [part],
  }))
  return { stage: { ...first, figures }, rows, information, weights, middle }
}

const scoreOf = (
  { stage, rows, weights, middle }: Apart,
  town: 0 | 1,
  sampler: Sampler,
): number => {
  const width = stage.keys.length
  let score = -middle
  for (const row of valuesIn(protectNoise(stage, rows[town], sampler))) {
    const key = JSON.stringify(
      row
        .slice(0, width)
        .map((cell) => (cell === null ? null : `${cell as string | number | boolean}`)),
    )
    for (const [index, weight] of (weights.get(key) ?? []).entries())
      if (weight !== 0)
        score += weight * Number(row[width + index]) * 10 ** stage.mechanisms[index]!.scale
  }
  return score
}

/** How often the best test of all (Neyman and Pearson) is right that sees noisy answers of one of two known towns. */
export const distinguish = (
  questions: readonly Apart[],
  { runs, sampler }: { readonly runs: number; readonly sampler: (run: number) => Sampler },
): Share => {
  let right = 0
  for (const town of [0, 1] as const)
    for (let run = 0; run < runs; run += 1) {
      const draw = sampler(run + town * runs)
      const score = questions.reduce((sum, one) => sum + scoreOf(one, town, draw), 0)
      // Where nothing tells them apart it throws a coin.
      const says = score === 0 ? run % 2 : score > 0 ? 0 : 1
      if (says === town) right += 1
    }
  return { right, of: 2 * runs }
}
