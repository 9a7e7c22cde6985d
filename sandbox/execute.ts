import type { Result } from '../policies/result.ts'
import { compose } from './compose.ts'
import type { Domain } from './domain.ts'
import type { Question } from './question.ts'
import { runnerAnswerSchema, type RunnerRequest } from './run/runner-protocol.ts'
import { filePath } from './domain/home.ts'

/** What a run made: the answer, and at the people door what reviewers see beside it. */
export type Made = { readonly result: Result; readonly evidence: unknown }

/**
 * Why a run gave nothing: the runner's time or memory, a changed file, anything else in the engine, the runner's death, no
 * answer composed, or a bug. For those who read the log, never for the author.
 */
export type Fault = 'time' | 'memory' | 'file' | 'engine' | 'died' | 'busy' | 'compose' | 'bug'
export type Ran = { readonly made: Made } | { readonly fault: Fault }

/** Runs a plan in a runner and makes the answer. Never rejects. */
export const execute = async (domain: Domain, question: Question): Promise<Ran> => {
  try {
    return await run(domain, question)
  } catch (error) {
    domain.report(domain.world.id(), error)
    return { fault: 'bug' }
  }
}

const run = async (domain: Domain, { plan, versions }: Question): Promise<Ran> => {
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
  if ('fault' in reply) return reply
  const answer = runnerAnswerSchema.parse(reply.answer)
  if (answer.answer === 'failure') return answer
  const result = await compose(domain, plan, answer.tables)
  return result ? { made: { result, evidence: answer.evidence } } : { fault: 'compose' }
}
