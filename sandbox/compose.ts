import { answerOf, postTables, type ProtectedTable } from '../policies/query/answer.ts'
import type { Plan } from '../policies/query/plan.ts'
import type { Result } from '../policies/result.ts'
import type { Domain } from './domain.ts'
import { checkerAnswerSchema } from './run/checker-protocol.ts'

/**
 * Makes the answer from protected tables: HAVING, ORDER, LIMIT and arithmetic run in a checker that
 * never meets a text, over protected values alone. Undefined where the checker gives no answer.
 */
export const compose = async (
  { composers, settings }: Pick<Domain, 'composers' | 'settings'>,
  plan: Plan,
  tables: readonly ProtectedTable[],
): Promise<Result | undefined> => {
  const reply = await composers.ask(
    { ask: 'post', tree: plan.post, tables: postTables(plan, tables) },
    settings.checker.timeoutMs,
  )
  const answer = 'answer' in reply ? checkerAnswerSchema.parse(reply.answer) : undefined
  return answer?.answer === 'rows' ? answerOf(plan, answer.rows) : undefined
}
