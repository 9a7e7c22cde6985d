import { destructionJobSchema, type DestructionMessage } from './destruction-protocol.ts'
import { EngineFailure, openEngine } from './engine.ts'

/** Tries once to open a file whose key is gone, and is ended by the keeper. */
process.once('disconnect', () => process.exit(0))

const tryOpening = async (message: unknown): Promise<DestructionMessage['say']> => {
  const job = destructionJobSchema.safeParse(message)
  if (!job.success) return 'failed'
  const attach = [{ ...job.data, alias: 'doomed' }]
  try {
    const engine = await openEngine({ threads: 1, memoryMb: 256, attach })
    engine.close()
    return 'opened'
  } catch (error) {
    if (!(error instanceof EngineFailure)) return 'failed'
    if (error.fault === 'file') return 'gone'
    return error.fault === 'engine' ? 'refused' : 'failed'
  }
}

process.once(
  'message',
  (message) => void tryOpening(message).then((say) => process.send?.({ say })),
)
