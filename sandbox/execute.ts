import type { Result } from '../policies/result.ts'
import { compose } from './compose.ts'
import type { Domain } from './domain.ts'
import type { Question } from './question.ts'
import { runnerAnswerSchema, type RunnerRequest } from './run/runner-protocol.ts'
import { filePath } from './domain/home.ts'

/** What a run made: the answer, and at the people door what reviewers see beside it. */
export type Made = { readonly result: Result; readonly evidence: unknown }

/** Runs a plan in a runner and makes the answer. Undefined whatever the reason, which stays with the operator. */
export const execute = async (domain: Domain, question: Question): Promise<Made | undefined> => {
  try {
    return await run(domain, question)
  } catch (error) {
    domain.report(domain.world.id(), error)
    return undefined
  }
}

const run = async (domain: Domain, { plan, versions }: Question): Promise<Made | undefined> => {
  const { timeoutMs, graceMs, memoryMb, threads } = domain.settings.runner
  const request: RunnerRequest = {
    plan,
    files: Object.keys(plan.reads).map((dataset) => {
      const version = versions[dataset]
      const key = version && domain.keyring.find(version.keyIdentity)
      if (version === undefined || key === undefined) throw new Error('a version without its key')
      const path = filePath(domain.home.folder, 'published', version.file)
      return { dataset, path, key: Uint8Array.from(key), sha256: version.fileDigest }
    }),
    timeoutMs,
    memoryMb,
    threads,
  }
  const reply = await domain.runners.ask(request, timeoutMs + graceMs)
  const answer = 'answer' in reply ? runnerAnswerSchema.parse(reply.answer) : undefined
  if (answer?.answer !== 'tables') return undefined
  const result = await compose(domain, plan, answer.tables)
  return result && { result, evidence: answer.evidence }
}
