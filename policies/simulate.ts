import type { Agreement } from './agreement.ts'
import type { Dataset } from './dataset.ts'
import type { Policy } from './policy.ts'
import { toFemto, toNano } from './privacy/amount.ts'
import { halfWidth95, standardDeviation } from './privacy/gaussian.ts'
import { rational } from './privacy/rational.ts'
import { epsilonOf } from './privacy/zcdp.ts'
import { publishedColumns, type PublishedColumn } from './published.ts'
import { decide } from './query/decide.ts'
import { cellsOf } from './query/grid.ts'
import type { NoiseStage, Plan } from './query/plan.ts'
import type { Refusal } from './refusal.ts'
import type { Measure, Tree } from './relation/tree.ts'
import { BIGINT, type DataType } from './relation/type.ts'
import { sure } from './sure.ts'

/** A question of the usual kind: how many rows, or how much of a measure, in all or by a dimension. */
type Typical = {
  readonly dataset: string
  readonly figure: 'count' | 'sum'
  readonly measure?: string
  readonly by?: string
}
/** What it gives at the policy's usual rho; or why it is refused. */
type Answer =
  | {
      /** Cells of a public grid; absent where groups appear above a threshold. */
      readonly cells?: number
      /** Without a public grid: groups appear from about this many entities on. */
      readonly least?: number
      /** Of the noise of each cell, in the measure's own unit. */
      readonly sd: number
      readonly halfWidth95: number
      readonly cost: Plan['cost']
      /** How often it can be asked until the first ledger ends, and the kind whose ledger that is. */
      readonly questionsLeft: number
      readonly kind: string
    }
  | { readonly refusals: readonly Refusal[] }
export type Simulated = Typical & Answer

/**
 * A limit as an operator plans with it: the domain's ledger of a kind, or an agreement's own. `epsilon` is what all of it
 * amounts to at `delta`, beside the delta it may spend itself.
 */
export type Planned = {
  readonly scope: 'domain' | 'agreement'
  readonly name: string
  readonly rho: number
  readonly usualQuestions: number
  readonly epsilon: number
  readonly delta: number
}

/** Conversion to epsilon is told at this delta. */
const deltaTold = 1e-6

/**
 * What may be asked of a policy until its ledgers end: typical questions of every dataset with the width of their noise.
 * With an agreement, within its own limits too; nothing where the noise door is closed. All of it follows from public
 * documents.
 */
export const simulate = (
  policy: Policy,
  datasets: readonly Dataset[],
  agreement?: Agreement,
): { readonly questions: readonly Simulated[]; readonly limits: readonly Planned[] } => {
  if (!policy.doors.includes('noise')) return { questions: [], limits: [] }
  const own = datasets.filter(
    ({ dataset, entities }) => policy.datasets[dataset] !== undefined && entities.length > 0,
  )
  const planned = (scope: Planned['scope'], name: string, rho: number): Planned => ({
    scope,
    name,
    rho,
    usualQuestions: Math.floor(toNano(rho) / toNano(policy.question.rho)),
    epsilon: epsilonOf(rho, deltaTold),
    delta: deltaTold,
  })
  return {
    questions: own.flatMap((dataset) =>
      typicalOf(dataset, policy).map((typical) => ({
        ...typical,
        ...answerTo(typical, { dataset, policy, ...(agreement && { agreement }) }),
      })),
    ),
    limits: [
      ...Object.entries(policy.kinds).map(([kind, { ledger }]) =>
        planned('domain', kind, ledger.rho),
      ),
      ...(agreement ? [planned('agreement', agreement.agreement, agreement.rho)] : []),
    ],
  }
}

const typicalOf = ({ dataset }: Dataset, policy: Policy): readonly Typical[] => {
  const columns = Object.entries(sure(policy.datasets[dataset], 'a dataset').columns)
  const named = (use: 'dimension' | 'measure'): readonly string[] =>
    columns.flatMap(([name, column]) => (column.use === use ? [name] : []))
  return [
    { dataset, figure: 'count' },
    ...named('dimension').map((by): Typical => ({ dataset, figure: 'count', by })),
    ...named('measure').map((measure): Typical => ({ dataset, figure: 'sum', measure })),
  ]
}

type Papers = {
  readonly dataset: Dataset
  readonly policy: Policy
  readonly agreement?: Agreement
}

const answerTo = (typical: Typical, papers: Papers): Answer => {
  const { dataset, policy } = papers
  const decided = decide(treeOf(typical, publishedColumns(dataset, policy)), {
    datasets: { [dataset.dataset]: dataset },
    policy,
    door: 'noise',
    rhoNano: toNano(policy.question.rho),
    place: () => ({ line: 1, column: 1 }),
  })
  if (!decided.ok) return { refusals: decided.refusals }
  const { cost, stages } = decided.value
  const [stage] = stages.filter((one) => one.kind === 'noise')
  return { ...widthOf(sure(stage, 'a noisy figure')), cost, ...leftOf(cost, papers) }
}

/** The question as a tree: one scan, one aggregate. */
const treeOf = ({ dataset, measure, by }: Typical, columns: readonly PublishedColumn[]): Tree => {
  const scanned = columns
    .filter(({ name, kind }) => kind === undefined && (name === by || name === measure))
    .map(({ name, type }) => ({ name, type }))
  const figure: Measure =
    measure === undefined
      ? { name: 'count_star', args: [], distinct: false, type: BIGINT }
      : sumOf(sure(scanned[0], 'a measure').type)
  return {
    nodes: [
      { op: 'scan', dataset, columns: scanned },
      { op: 'aggregate', input: 0, keys: by === undefined ? [] : [0], measures: [figure] },
    ],
    names: [...(by === undefined ? [] : [by]), 'figure'],
  }
}

/** Sums have the type the engine gives them. */
const sumOf = (type: DataType): Measure => ({
  name: 'sum',
  args: [{ op: 'column', index: 0, type }],
  distinct: false,
  type: type.id === 'DECIMAL' ? { ...type, width: 38 } : { id: 'HUGEINT' },
})

const widthOf = ({ mechanisms, figures, keys, threshold }: NoiseStage) => {
  const [mechanism] = figures.flatMap(({ parts }) => parts.map((part) => mechanisms[part]))
  const { scale, sigma2 } = sure(mechanism, 'the noise of a figure')
  const variance = rational(BigInt(sigma2.numerator), BigInt(sigma2.denominator))
  const cells = cellsOf(keys)
  return {
    ...(cells !== undefined && { cells }),
    ...(threshold !== undefined && { least: Number(threshold.least) }),
    sd: standardDeviation(variance) / 10 ** scale,
    halfWidth95: Number(halfWidth95(variance)) / 10 ** scale,
  }
}

/** How often a cost can be paid: the tightest of all ledgers, in rho and in delta. */
const leftOf = (
  cost: Plan['cost'],
  { policy, agreement }: Papers,
): { readonly questionsLeft: number; readonly kind: string } => {
  const lines = cost.map(({ kind, rhoNano, deltaFemto }) => {
    const { ledger } = sure(policy.kinds[kind], 'the ledger of a kind')
    const limits = agreement === undefined ? [ledger] : [ledger, agreement]
    const times = limits.flatMap(({ rho, delta }) => [
      Math.floor(toNano(rho) / rhoNano),
      ...(deltaFemto > 0 ? [Math.floor(toFemto(delta) / deltaFemto)] : []),
    ])
    return { kind, questionsLeft: Math.min(...times) }
  })
  const [tightest] = lines.toSorted((one, two) => one.questionsLeft - two.questionsLeft)
  return sure(tightest, 'a cost')
}
