import { epsilonOf } from '../../../policies/privacy/zcdp.ts'
import type { NoiseStage, Plan } from '../../../policies/query/plan.ts'
import { mapParts, type Expr } from '../../../policies/relation/expression.ts'
import type { Tree } from '../../../policies/relation/tree.ts'
import type { Cell } from '../../../policies/result.ts'
import { byteReader } from '../../../sandbox/noise/bytes.ts'
import { discreteGaussian } from '../../../sandbox/noise/gaussian.ts'
import type { Sampler } from '../../../sandbox/protect/noise.ts'
import { leastOf, mostOf, rhoBehind, type Share } from '../../support/bound.ts'
import { seededBytes } from '../../support/seeded.ts'
import { cellCount, placesOfOne } from './canaries.ts'
import { cellsOf, unitsOf, withStage, type Trial } from './trial.ts'

/** A question about canaries, and scores in which one who is there may show. */
export type Question = {
  readonly title: string
  readonly sql: string
  readonly rhoNano: number
  /** What a canary is, where it is no enterprise. */
  readonly kind?: string
  /** Cells that belong to one canary. */
  readonly size: number
  readonly scores: readonly ((own: Cells, next: Cells, plan: Plan) => number)[]
}
/** Of each cell its figures. */
type Cells = readonly (readonly Cell[])[]

const sum = (cells: Cells, figure: number, scale = 0): number =>
  cells.reduce((all, cell) => all + Number(unitsOf(cell[figure], scale)), 0)
/** Of the first figure of the first cell, where it is a double. */
const partOf = (cells: Cells, part: 'value' | 'low'): number =>
  (cells[0]![0] as Readonly<Record<typeof part, number>>)[part]
const weightOf = (plan: Plan, mechanism: number): number => {
  const [stage] = plan.stages
  const { high, sigma2 } = (stage as NoiseStage).mechanisms[mechanism]!
  return (Number(high) * Number(sigma2.denominator)) / Number(sigma2.numerator)
}

const countAndSum: Question['scores'] = [
  (own) => sum(own, 0),
  (own) => sum(own, 1, 2),
  // The likelihood ratio of both figures together.
  (own, _, plan) => sum(own, 0) * weightOf(plan, 0) + sum(own, 1, 2) * weightOf(plan, 1),
]

export const questions: Readonly<
  Record<'rows' | 'wide' | 'groups' | 'tree' | 'persons' | 'owners', Question>
> = {
  rows: {
    title: 'rows and amounts beyond their bounds, in one cell',
    sql: 'select cell, count(*), sum(amount) from trial group by cell',
    rhoNano: 500_000_000,
    size: 1,
    scores: [
      ...countAndSum,
      // Of two neighbouring cells one holds an entity: noise they share is gone from their difference.
      (own, next) => sum(own, 0) - sum(next, 0),
    ],
  },
  wide: {
    title: 'three cents in a sum whose noise is wider than a double is exact',
    sql: 'select cell, sum(wealth) from trial group by cell',
    rhoNano: 1000,
    size: 1,
    scores: [
      (own) => sum(own, 0, 2),
      (own) => (((unitsOf(own[0]?.[0], 2) % 16n) + 16n) % 16n === 3n ? 1 : 0),
    ],
  },
  groups: {
    title: 'one entity in more groups than it may reach',
    sql: 'select place, count(*) from visit group by place',
    rhoNano: 500_000_000,
    size: placesOfOne,
    scores: [(own) => sum(own, 0)],
  },
  tree: {
    title: 'rows beyond their bounds in a tree of counts, read as a median',
    sql: 'select cell, median(amount) from trial group by cell',
    rhoNano: 500_000_000,
    size: 1,
    scores: [(own) => partOf(own, 'value'), (own) => partOf(own, 'low')],
  },
  persons: {
    title: 'a person behind more enterprises than count',
    sql: 'select cell, count(*), sum(amount) from holding group by cell',
    kind: 'person',
    rhoNano: 500_000_000,
    size: 1,
    scores: countAndSum,
  },
  owners: {
    title: 'an enterprise in whose place another one comes',
    sql: 'select cell, sum(amount) from owning group by cell',
    rhoNano: 500_000_000,
    size: 1,
    scores: [(own) => sum(own, 0, 2)],
  },
}

/** Seeded noise of the exact sampler; what a fault does to it comes after. */
export const honest = (seed: string): Sampler => {
  const bytes = byteReader(seededBytes(seed))
  return (variance) => discreteGaussian(variance, bytes)
}

export type Fault = {
  readonly title: string
  readonly question: keyof typeof questions
  readonly stage?: (stage: NoiseStage) => NoiseStage
  readonly sampler?: (sampler: Sampler) => Sampler
}

const everyMechanism =
  (change: (one: NoiseStage['mechanisms'][number]) => object) =>
  (stage: NoiseStage): NoiseStage => ({
    ...stage,
    mechanisms: stage.mechanisms.map((one) => ({ ...one, ...change(one) })),
  })

/** Two uniform numbers make two of the normal law (Box and Muller 1958), in doubles, rounded: as SQL would do it. */
const inDoubles =
  (seed: string): Sampler =>
  ({ numerator, denominator }) => {
    const bytes = byteReader(seededBytes(seed))
    const uniform = (): number => (bytes.word() * 65_536 + bytes.word() + 0.5) / 2 ** 32
    const sd = Math.sqrt(Number(numerator) / Number(denominator))
    return () =>
      BigInt(
        Math.round(sd * Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())),
      )
  }

type Variance = NoiseStage['mechanisms'][number]['sigma2']
const lessWide = ({ numerator, denominator }: Variance, by: bigint): { sigma2: Variance } => ({
  sigma2: { numerator, denominator: String(BigInt(denominator) * by) },
})

/** Every rank is low enough. */
const unranked = (tree: Tree): Tree => ({
  ...tree,
  nodes: tree.nodes.map((node) =>
    node.op === 'filter' ? { ...node, predicate: raised(node.predicate) } : node,
  ),
})
const raised = (expr: Expr): Expr =>
  expr.op === 'compare' && expr.right.op === 'literal'
    ? { ...expr, right: { ...expr.right, value: '1000' } }
    : mapParts(expr, raised)

export const faults: readonly Fault[] = [
  {
    title: 'noise has half of its deviation',
    question: 'rows',
    sampler: (sampler) => (variance) =>
      sampler({ ...variance, denominator: variance.denominator * 4n }),
  },
  {
    title: 'one row more of an entity counts than its noise hides',
    question: 'rows',
    stage: everyMechanism(({ high }) => ({ high: String(BigInt(high) * 2n) })),
  },
  {
    title: 'what an entity adds is not cut off',
    question: 'rows',
    stage: everyMechanism(({ high }) => ({ high: `${high}000` })),
  },
  {
    title: 'noise is drawn once for two cells',
    question: 'rows',
    sampler: (sampler) => (variance) => {
      const draw = sampler(variance)
      let [last, times] = [0n, 0]
      return () => ((times += 1) % 2 === 1 ? (last = draw()) : last)
    },
  },
  {
    title: 'an entity is in every group it has rows in',
    question: 'groups',
    stage: (stage) => ({ ...stage, groupsMax: 1000 }),
  },
  {
    title: 'an entity has any number of rows in a tree',
    question: 'tree',
    stage: everyMechanism(() => ({ high: '1000' })),
  },
  { title: 'noise is a rounded double', question: 'wide', sampler: () => inDoubles('doubles') },
  {
    title: 'a person stands behind any number of enterprises',
    question: 'persons',
    stage: (stage) => ({ ...stage, tree: unranked(stage.tree) }),
  },
  {
    title: 'noise hides one enterprise of a person',
    question: 'persons',
    stage: everyMechanism(({ sigma2 }) => lessWide(sigma2, 9n)),
  },
  {
    title: 'nobody is thought to come in an enterprise’s place',
    question: 'owners',
    stage: everyMechanism(({ sigma2 }) => lessWide(sigma2, 4n)),
  },
]

export type Finding = {
  readonly answers: number
  readonly canaries: number
  readonly claimed: { readonly rho: number; readonly epsilon: number }
  /** What is shown, but for one chance in a few hundred, to have been spent at least: each by the event that shows most. */
  readonly shown: { readonly rho: number; readonly epsilon: number }
}

const delta = 1e-6

/** Asks a question many times and tells what its answers give away at least, beside what the ledger was charged. */
export const audit = async (
  trial: Trial,
  question: Question,
  { answers, seed, fault = {} }: { answers: number; seed: string; fault?: Partial<Fault> },
): Promise<Finding> => {
  const plan = await trial.plan(question.sql, question.rhoNano)
  const run = fault.stage ? withStage(plan, fault.stage) : plan
  const sampler = (fault.sampler ?? ((one: Sampler) => one))(honest(seed))
  const seen = question.scores.map(() => ({ present: [] as number[], absent: [] as number[] }))
  const blocks = cellCount / question.size
  // As many canaries, or half of them, where each of them has several cells.
  const times = answers * Math.ceil(question.size / 2)
  for (let count = 0; count < times; count += 1) {
    const cells = await trial.answer(run, sampler)
    const own = (block: number): Cells =>
      cellsOf(block % blocks, question.size).map((name) => cells.get(name)!)
    for (let block = 0; block < blocks; block += 1)
      for (const [at, score] of question.scores.entries())
        seen[at]![block % 2 === 1 ? 'present' : 'absent'].push(
          score(own(block), own(block + 1), plan),
        )
  }
  const { kind: asked = 'enterprise' } = question
  const rho = plan.cost.find(({ kind }) => kind === asked)!.rhoNano / 1e9
  const most = (spent: Spent): number => Math.max(...seen.map((one) => shown(one, spent)))
  return {
    answers: times,
    canaries: times * blocks,
    claimed: { rho, epsilon: epsilonOf(rho, delta) },
    shown: {
      rho: most(rhoBehind),
      // P <= e^epsilon Q + delta, read for epsilon.
      epsilon: most((p, q) => (p > delta ? Math.log((p - delta) / q) : 0)),
    },
  }
}

/** What must have been spent for an event of these two probabilities. */
type Spent = (p: number, q: number) => number
type Seen = { readonly present: readonly number[]; readonly absent: readonly number[] }

/**
 * Half of the scores choose the event in which presence shows most, the other half tell how often it occurs with and
 * without: its limits of Clopper and Pearson are the only thing that is concluded from.
 */
const shown = ({ present, absent }: Seen, spent: Spent): number => {
  const half = (values: readonly number[], part: 0 | 1): readonly number[] =>
    values.filter((_, index) => index % 2 === part)
  const spentAt = (threshold: number, part: 0 | 1): number => {
    const share = (values: readonly number[]): Share => ({
      right: half(values, part).filter((value) => value >= threshold).length,
      of: half(values, part).length,
    })
    const [p, q] = [share(present), share(absent)]
    return Math.max(spentBetween(p, q, spent), spentBetween(q, p, spent))
  }
  const sorted = [...half(present, 0), ...half(absent, 0)].sort((a, b) => a - b)
  // Evenly by rank, and denser in the tails.
  const ranks = Array.from({ length: 25 }, (_, step) => (step + 1) / 26)
  const tails = [0.002, 0.005, 0.01, 0.02]
  const candidates = [...ranks, ...tails, ...tails.map((rank) => 1 - rank)].map(
    (rank) => sorted[Math.floor(rank * sorted.length)]!,
  )
  const best = candidates
    .map((threshold): readonly [number, number] => [spentAt(threshold, 0), threshold])
    .reduce((one, two) => (two[0] > one[0] ? two : one))
  return spentAt(best[1], 1)
}

const spentBetween = (often: Share, seldom: Share, spent: Spent): number => {
  const [p, q] = [leastOf(often), mostOf(seldom)]
  return p > q ? spent(p, q) : 0
}

/** In how many of the groups that hold one entity and nobody else that group was answered. */
export const appearances = async (
  trial: Trial,
  { answers, seed, least }: { answers: number; seed: string; least?: string },
): Promise<Share> => {
  const plan = await trial.plan('select word, count(*) from trial group by word', 500_000_000)
  const run = withStage(plan, (stage) => ({
    ...stage,
    threshold: { ...stage.threshold!, ...(least !== undefined && { least }) },
  }))
  const sampler = honest(seed)
  let right = 0
  for (let count = 0; count < answers; count += 1) right += (await trial.answer(run, sampler)).size
  return { right, of: (answers * cellCount) / 2 }
}
