import { refuse } from '../refusal.ts'
import type { ColumnFact } from '../relation/fact.ts'
import { placeOf } from './context.ts'
import { barriersOf, type Rule } from './question.ts'

/** The values of a key leave as they are, so they are values of dimensions, or literals of the text. */
export const checkKeys: Rule = (question) =>
  barriersOf(question).flatMap(({ node, inputs }) =>
    node.keys.flatMap((key) => {
      const fact = inputs[0]?.columns[key]
      return fact === undefined || fact.key || fact.surrogate !== undefined
        ? []
        : [
            refuse(
              'query/key-not-dimension',
              { what: wordOf(fact) },
              placeOf(question.context, node),
            ),
          ]
    }),
  )

const wordOf = ({ sources }: ColumnFact): string => sources.slice(0, 4).join('`, `') || 'expression'
