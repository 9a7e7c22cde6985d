import { refuse } from '../refusal.ts'
import { factOf, scopeOf } from '../relation/derive.ts'
import type { Expr } from '../relation/expression.ts'
import { placeOf } from './context.ts'
import { conditionsMax, conditionsOf, plainOf } from './people-stage.ts'
import { barriersOf, type Rule } from './question.ts'

/**
 * Exact figures of one group under different conditions are equations. Their parts are checked one by one, and there are
 * 2^n of them, so there is a most.
 */
export const checkConditions: Rule = (question) => {
  if (question.context.door !== 'people') return []
  return barriersOf(question).flatMap(({ node, inputs }) => {
    const scope = scopeOf(inputs[0]?.columns ?? [])
    const lists = node.measures
      .map(plainOf)
      .map(({ only, filter }) => [
        ...filter,
        ...(only && factOf(only, scope).nullable
          ? [{ op: 'isNull', input: only, negated: true } as Expr]
          : []),
      ])
    const count = conditionsOf(lists).length
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
