import { DuckDBInstance } from '@duckdb/node-api'
import { destructionJobSchema, type DestructionMessage } from './destruction-protocol.ts'
import { EngineFailure, openEngine } from './engine.ts'

/** Tries once to open a file whose key is gone, under another key and under none, and is ended by the keeper. */
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
    if (error.fault !== 'engine') return 'failed'
    return (await isClear(job.data.path)) ? 'opened' : 'refused'
  }
}

/** Whether the engine opens a file under no key at all: given a key, it refuses a file that was never encrypted. */
const isClear = async (path: string): Promise<boolean> => {
  try {
    const instance = await DuckDBInstance.create(path, {
      access_mode: 'READ_ONLY',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    })
    instance.closeSync()
    return true
  } catch {
    return false
  }
}

process.once(
  'message',
  (message) => void tryOpening(message).then((say) => process.send?.({ say })),
)
