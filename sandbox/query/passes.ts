import type { Node } from '../../policies/relation/tree.ts'
import { orderLikeAnswer } from './answer-order.ts'
import { decorrelate } from './decorrelate.ts'
import { dropSorts, finishNodes, flagExists, normalise } from './finish.ts'
import { foldConstants, type Evaluate } from './fold.ts'
import type { Problem } from './gate-rule.ts'
import type { Lowered } from './lower.ts'
import { mergeProjections } from './merge.ts'
import { prune } from './prune.ts'
import { pushFilters } from './push.ts'
import type { Graph } from './work.ts'

type Passed = { readonly nodes: readonly Node[]; readonly problems: readonly Problem[] }

/** A pass may open the way for another: three rounds bring every query of the corpus to rest. */
const rounds = 3

/**
 * From a lowered plan to the nodes of a tree: constants computed, conditions moved down, correlated subqueries joined,
 * what is not needed left out, and all of it in one normal form.
 */
export const runPasses = async (lowered: Lowered, evaluate: Evaluate): Promise<Passed> => {
  const folded = await foldConstants(lowered.graph, evaluate)
  if (folded.problems.length > 0) return { nodes: [], problems: folded.problems }
  const pushed = pushFilters(normalise(folded.graph))
  const joined = decorrelate(pushed, lowered.keys)
  if (joined.problems.length > 0) return { nodes: [], problems: joined.problems }
  return finishNodes(settle(flagExists(pushFilters(joined.graph))))
}

/** Rounds of the passes that only make a graph smaller. */
const settle = (graph: Graph): Graph => {
  let current = dropSorts(graph)
  for (let round = 0; round < rounds; round += 1)
    current = normalise(prune(mergeProjections(pushFilters(current))))
  return orderLikeAnswer(current)
}
