import { refuse, type Refusal } from '../refusal.ts'
import { sure } from '../sure.ts'
import { placeOf, type Context } from './context.ts'
import { cellsOf, type GridKey } from './grid.ts'
import { quantileNames } from './measure-names.ts'
import type { Figure, Mechanism } from './plan.ts'
import { branching } from './quantile.ts'
import type { Barrier } from './question.ts'

/**
 * Most steps of work on noisy numbers that one question may take: four seconds, where a run has ten. Measured on one core
 * of 2026: a draw takes half a microsecond to one, a leaf that a quantile looks at a fifth, and a value that is handed
 * on two in the runner and one in the checker, which has a fifth of a run's time.
 */
export const stepsMax = 2 ** 22
const stepsOfValue = 4
/** A figure, its deviation and its interval. */
const valuesOfFigure = 4

type Stage = {
  readonly keys: readonly GridKey[]
  readonly drafts: readonly { readonly tree?: Mechanism['tree'] }[]
  readonly figures: readonly Figure[]
}

/** Refuses, at its largest grouping, what would take so long that its run might fail when it is paid for. */
export const checkSteps = (
  stages: readonly Stage[],
  barriers: readonly Barrier[],
  context: Context,
): readonly Refusal[] => {
  const each = stages.map((stage) => stepsOf(stage, context.policy.question.gridMax))
  const steps = each.reduce((sum, one) => sum + one, 0)
  if (steps <= stepsMax) return []
  const { node } = sure(barriers[each.indexOf(Math.max(...each))], 'a grouping')
  return [refuse('query/too-many-steps', { steps, max: stepsMax }, placeOf(context, node))]
}

/**
 * Steps that the noise of a stage takes, from text and policy alone: groups that are not public count as many as a public
 * grid may have. What is drawn but for trees is drawn for each cell, a tree for each of its nodes.
 */
export const stepsOf = ({ keys, drafts, figures }: Stage, gridMax: number): number => {
  const drawn = drafts.reduce((sum, { tree }) => sum + (tree ? nodesOf(tree) : 1), 0)
  const seen = figures.reduce((sum, { name, parts: [part = -1] }) => {
    const tree = quantileNames.has(name) ? drafts[part]?.tree : undefined
    return sum + (tree?.leaves ?? 0)
  }, 0)
  const values = keys.length + figures.length * valuesOfFigure
  return (cellsOf(keys) ?? gridMax) * (drawn + seen + values * stepsOfValue)
}

/** Nodes of a tree to which noise is added: those that may hold rows, on every level but the root's. */
export const nodesOf = ({ levels, leaves }: NonNullable<Mechanism['tree']>): number => {
  let nodes = 0
  for (let span = 1; span < branching ** levels; span *= branching)
    nodes += Math.ceil(leaves / span)
  return nodes
}
