import { refuse } from '../refusal.ts'
import { placeOf } from './context.ts'
import { barriersOf, type Rule } from './question.ts'

/**
 * A protected result may be looked up for rows again where it is noisy, because then everybody may know it. At the people
 * door it is an exact figure nobody has reviewed, and what is computed with it would carry it out.
 */
export const checkJoinedBack: Rule = (question) =>
  question.context.door === 'noise'
    ? []
    : barriersOf(question)
        .filter(({ relation }) => relation.stages.length > 0)
        .map(({ node }) =>
          refuse('query/protected-joined-back', {}, placeOf(question.context, node)),
        )
