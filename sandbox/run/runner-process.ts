import { byteReader } from '../noise/bytes.ts'
import { discreteGaussian } from '../noise/gaussian.ts'
import { systemWorld } from '../world.ts'
import { openEngine, type Engine } from './engine.ts'
import { aliasOf, failureAnswer, runPlan } from './run-plan.ts'
import { helloSchema, runnerRequestSchema, type RunnerAnswer } from './runner-protocol.ts'

/**
 * The runner: a child that serves one run. It reads published files, never raw ones; what it answers has passed the
 * gate. Whatever fails is told as one of three words; the reason stays on the child's standard error.
 */
const { randomBytes, nowMs } = systemWorld
const bytes = byteReader(randomBytes)
const word = (): bigint => new DataView(Uint8Array.from(randomBytes(8)).buffer).getBigInt64(0)

const answerTo = async (message: unknown): Promise<RunnerAnswer> => {
  const { plan, files, threads, memoryMb, timeoutMs } = runnerRequestSchema.parse(message)
  const startMs = nowMs()
  const attach = files.map(({ dataset, ...file }) => ({ ...file, alias: aliasOf(dataset) }))
  const engine: Engine = await openEngine({ threads, memoryMb, attach, steady: true })
  const openMs = nowMs() - startMs
  const { tables, facts, evidence } = await runPlan(plan, engine, {
    sampler: (sigmaSquared) => discreteGaussian(sigmaSquared, bytes),
    salt: [word(), word()],
    nowMs,
    timeoutMs,
  })
  engine.close()
  return {
    answer: 'tables',
    tables: tables.map(({ columns, rows }) => ({
      columns: columns.map((column) => ({ ...column })),
      rows: rows.map((row) => [...row]),
    })),
    evidence: plan.door === 'people' ? { stages: evidence } : null,
    facts: { openMs, stages: facts, peakMb: process.resourceUsage().maxRSS / 1024 },
  }
}

const serve = (message: unknown): void => {
  if (helloSchema.safeParse(message).success) {
    process.once('message', serve)
    process.send?.({ answer: 'ready' })
    return
  }
  answerTo(message)
    .catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.name) : 'failure'}\n`)
      return failureAnswer(error)
    })
    .then((answer) => process.send?.(answer))
    .catch(() => process.exit(1))
}
process.once('message', serve)
process.on('disconnect', () => process.exit(0))
