import { refuse } from '../refusal.ts'
import { placeOf } from './context.ts'
import { conditionsIn, conditionsMax } from './people-stage.ts'
import { barriersOf, type Rule } from './question.ts'

/**
 * Exact figures of one group under different conditions are equations. Their parts are checked one by one, and there are
 * 2^n of them, so there is a most.
 */
export const checkConditions: Rule = (question) => {
  if (question.context.door !== 'people') return []
  return barriersOf(question).flatMap(({ node, input }) => {
    const count = conditionsIn(node.measures, input)
    return count > conditionsMax
      ? [
          refuse(
            'query/too-many-conditions',
            { count, max: conditionsMax },
            placeOf(question.context, node),
          ),
        ]
      : []
  })
}
