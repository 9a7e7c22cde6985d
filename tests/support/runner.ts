import { byteReader } from '../../sandbox/noise/bytes.ts'
import { discreteGaussian } from '../../sandbox/noise/gaussian.ts'
import type { Pool } from '../../sandbox/run/pool.ts'
import { openEngine } from '../../sandbox/run/engine.ts'
import { aliasOf, runPlan } from '../../sandbox/run/run-plan.ts'
import { runnerRequestSchema } from '../../sandbox/run/runner-protocol.ts'
import { seededBytes } from './seeded.ts'

const facts = { openMs: 0, stages: [], peakMb: 0 }

/**
 * What a runner's process does, in this one: hundreds of runs take the time of a few processes, and noise has a seed.
 * One after the other, since the engine notes who opens a file by process.
 */
export const runnersHere = (seed: string): Pick<Pool, 'ask'> => {
  const bytes = byteReader(seededBytes(seed))
  const run = async (message: object): Promise<object> => {
    const { plan, files, memoryMb, timeoutMs } = runnerRequestSchema.parse(message)
    const attach = files.map(({ dataset, ...file }) => ({ ...file, alias: aliasOf(dataset) }))
    const engine = await openEngine({ threads: 1, memoryMb, attach, steady: true })
    const { tables } = await runPlan(plan, engine, {
      sampler: (variance) => discreteGaussian(variance, bytes),
      salt: [1n, 2n],
      nowMs: () => 0,
      timeoutMs,
    })
    engine.close()
    return { answer: 'tables', tables, evidence: null, facts }
  }
  let last: Promise<unknown> = Promise.resolve()
  return {
    ask: async (message) => {
      const answer = last.then(() => run(message))
      last = answer.catch(() => undefined)
      return { answer: await answer }
    },
  }
}
