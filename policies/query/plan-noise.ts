import { accepted, refused, type Outcome } from '../outcome.ts'
import { nanoText, toFemto } from '../privacy/amount.ts'
import { sigmaSquaredOf } from '../privacy/gaussian.ts'
import { rational, type Rational } from '../privacy/rational.ts'
import { thresholdOf } from '../privacy/threshold.ts'
import { refuse } from '../refusal.ts'
import type { Context } from './context.ts'
import { checkSteps } from './effort.ts'
import { draftStage, type DraftStage, type PlacedDraft } from './noise-stage.ts'
import { notesOf } from './notes.ts'
import { floorOf } from './people-stage.ts'
import type { Mechanism, NoiseStage, Plan, Stage } from './plan.ts'
import { planPost } from './post.ts'
import { barriersOf, type Question } from './question.ts'
import type { Reach } from './sensitivity.ts'

const mechanismsMax = 64

/** Most aggregates over rows of entities in one question: CUBE of four. */
export const stagesMax = 16

/**
 * The plan of a question at the noise door. The question's rho is divided evenly among all noisy figures; each kind of
 * entity is charged what the noise costs it, which is the whole share for the kind of largest sensitivity and less for
 * others, rounded up.
 */
export const planNoise = (question: Question, digest: string): Outcome<Plan> => {
  const { context } = question
  const post = planPost(question)
  const barriers = barriersOf(question).filter(({ position }) => post.needed.has(position))
  const numbers = new Map(barriers.map(({ position }, index) => [position, index]))
  if (barriers.length > stagesMax)
    return refused(refuse('query/too-many-groupings', { count: barriers.length, max: stagesMax }))
  const drafts = barriers.map((barrier) => draftStage(question, barrier, numbers))
  const count = drafts.reduce((sum, { drafts: all }) => sum + all.length, 0)
  const max = mechanismsMax
  if (count > max) return refused(refuse('query/too-many-figures', { count, max }))
  const share = count === 0 ? 0 : Math.floor(context.rhoNano / count)
  if (drafts.some(({ drafts: all }) => all.some((draft) => shareOf(draft, share) === 0)))
    return refused(refuse('query/rho-too-small', { rho: nanoText(context.rhoNano), count }))
  const tooLong = checkSteps(drafts, barriers, context)
  if (tooLong.length > 0) return refused(...tooLong)
  const stages = drafts.map((draft) => finishStage(draft, share, context))
  const written = post.write(numbers)
  return accepted({
    door: 'noise',
    stages: [...stages, ...written.stages],
    post: written.tree,
    answer: written.answer,
    cost: costOf(stages, context),
    reads: readsOf([...stages, ...written.stages], context),
    notes: [...notesOf(stages, { post: written.tree, answer: written.answer }, context)],
    question: digest,
  })
}

const finishStage = (draft: DraftStage, share: number, context: Context): NoiseStage => {
  const { drafts, counted, reaches, ...rest } = draft
  const mechanisms = drafts.map((one) => mechanismOf(one, reaches, share))
  const noise = counted === undefined ? undefined : mechanisms[counted]
  if (counted === undefined || noise === undefined) return { ...rest, mechanisms }
  const least = leastOf(sigmaOf(noise), reaches, context)
  return { ...rest, mechanisms, threshold: { mechanism: counted, least: String(least) } }
}

const mechanismOf = (draft: PlacedDraft, reaches: readonly Reach[], share: number): Mechanism => {
  const { low, high, centre, ...rest } = draft
  const most = -low > high ? -low : high
  // Bounds of zero leave nothing to hide; one unit of noise keeps the figure like any other.
  const square = most === 0n ? 1n : most * most
  const sensitivity = reaches.map(({ kind, factor, changes }) => ({
    kind,
    squared: (draft.kind === 'values' ? changes ** 2n : factor) * square,
  }))
  const largest = sensitivity.reduce((max, { squared }) => (squared > max ? squared : max), 1n)
  const { numerator, denominator } = sigmaSquaredOf(rational(largest), shareOf(draft, share))
  return {
    ...rest,
    ...(centre !== undefined && { centre: String(centre) }),
    low: String(low),
    high: String(high),
    sensitivity: sensitivity.map(({ kind, squared }) => ({ kind, squared: String(squared) })),
    sigma2: { numerator: String(numerator), denominator: String(denominator) },
  }
}

/** A tree has one figure's share, for all of its levels together. */
const shareOf = ({ tree }: PlacedDraft, share: number): number =>
  Math.floor(share / (tree?.levels ?? 1))

const sigmaOf = ({ sigma2 }: Mechanism): Rational => ({
  numerator: BigInt(sigma2.numerator),
  denominator: BigInt(sigma2.denominator),
})

/**
 * A group that stands in only one of two neighbouring databases holds nobody but the units that one entity changes: at
 * most `units` of them, in at most `groups` such groups. So the noise must not lift `units` to the threshold; and a floor
 * of k entities is reached for certain only beyond (k - 1) * units units. Both together move it up by k * units - 1.
 */
const leastOf = (sigmaSquared: Rational, reaches: readonly Reach[], context: Context): bigint => {
  const deltaFemto = toFemto(context.policy.question.delta)
  const thresholds = reaches.map(({ kind, units, groups }) =>
    thresholdOf(
      { law: 'gaussian', sigmaSquared },
      { deltaFemto, groupsMax: groups, floor: floorOf(kind, context) * units },
    ),
  )
  return thresholds.reduce((max, least) => (least > max ? least : max), 1n)
}

/** rho = sensitivity^2 / (2 sigma^2), added up exactly for each kind, and delta for each threshold it takes part in. */
const costOf = (stages: readonly NoiseStage[], context: Context): Plan['cost'] => {
  const rho = new Map<string, number>()
  const delta = new Map<string, number>()
  const deltaFemto = toFemto(context.policy.question.delta)
  for (const stage of stages) {
    for (const mechanism of stage.mechanisms)
      for (const { kind, squared } of mechanism.sensitivity)
        rho.set(
          kind,
          (rho.get(kind) ?? 0) +
            rhoNanoOf(BigInt(squared) * BigInt(mechanism.tree?.levels ?? 1), sigmaOf(mechanism)),
        )
    if (stage.threshold !== undefined)
      for (const kind of new Set(
        stage.mechanisms.flatMap(({ sensitivity }) => sensitivity.map((one) => one.kind)),
      ))
        delta.set(kind, (delta.get(kind) ?? 0) + deltaFemto)
  }
  return [...rho].map(([kind, rhoNano]) => ({ kind, rhoNano, deltaFemto: delta.get(kind) ?? 0 }))
}

const rhoNanoOf = (squared: bigint, { numerator, denominator }: Rational): number => {
  const [dividend, divisor] = [squared * 1_000_000_000n * denominator, 2n * numerator]
  return Number((dividend + divisor - 1n) / divisor)
}

/** Hidden columns are not read by anybody's choice: surrogates of units and ranks are left out. */
export const readsOf = (stages: readonly Stage[], { datasets }: Context): Plan['reads'] => {
  const reads: Record<string, string[]> = {}
  for (const { tree } of stages)
    for (const node of tree.nodes)
      if (node.op === 'scan' && datasets[node.dataset] !== undefined)
        reads[node.dataset] = [
          ...new Set([...(reads[node.dataset] ?? []), ...node.columns.map(({ name }) => name)]),
        ]
          .filter((name) => !name.startsWith('__'))
          .sort()
  return reads
}
