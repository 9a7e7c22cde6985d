import { refuse, type Refusal } from '../refusal.ts'
import { placeOf } from './context.ts'
import { barriersOf, type Barrier, type Rule } from './question.ts'
import { isSingle } from './type-scan.ts'
import { sure } from '../sure.ts'

/**
 * Each kind of entity whose column stands in a table that takes part is protected too, whether the text names it or
 * not. Its policy must bound the units behind one such entity, and the table must have one row a unit, no second such
 * kind, and not the unit's kind again (guarantor and guaranteed): the proof in `sensitivity.ts` needs all three.
 */
export const checkContributions: Rule = (question) => {
  if (question.context.door !== 'noise') return []
  const refusals = barriersOf(question).flatMap((barrier) => refusalsOf(barrier, question))
  return [...new Map(refusals.map((refusal) => [JSON.stringify(refusal), refusal])).values()]
}

const refusalsOf = (
  { node, relation }: Barrier,
  { context }: Parameters<Rule>[0],
): readonly Refusal[] =>
  relation.datasets.flatMap((name) => {
    const dataset = sure(context.datasets[name], 'a dataset of the question')
    const others = dataset.entities.slice(1)
    const [other] = others
    const proven = others.length <= 1 && isSingle(dataset) && other?.kind !== relation.unit
    return others
      .filter(({ kind }) => !proven || context.policy.kinds[kind]?.unitsMax === undefined)
      .map(({ kind }) =>
        refuse('query/contribution-unbounded', { kind, dataset: name }, placeOf(context, node)),
      )
  })
