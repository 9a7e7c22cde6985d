import { refuse } from '../refusal.ts'
import { placeOf } from './context.ts'
import { typedNodes, type Rule } from './question.ts'

/** A window that is not partitioned by the unit lets rows of one entity depend on rows of others. */
export const checkWindows: Rule = (question) =>
  typedNodes(question).flatMap(({ node, fact }) =>
    node.op === 'window' && fact.privacy.private && fact.link !== 'byUnit'
      ? [
          refuse(
            'query/window-across-entities',
            { kind: fact.privacy.unit },
            placeOf(question.context, node),
          ),
        ]
      : [],
  )
