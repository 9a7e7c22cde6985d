import { readQuarantine } from '../domain/quarantine.ts'
import { quarantineJobSchema, type QuarantineMessage } from './quarantine-protocol.ts'

/** Reads one page of what was set aside of a file, and is ended by the keeper. */
process.once('disconnect', () => process.exit(0))

const answer = async (message: unknown): Promise<QuarantineMessage> => {
  try {
    const { from, limit, ...file } = quarantineJobSchema.parse(message)
    const { rows, next } = await readQuarantine(file, { from, limit })
    return { say: 'page', rows: [...rows], ...(next !== undefined && { next }) }
  } catch {
    return { say: 'failed' }
  }
}

process.once('message', (message) => void answer(message).then((said) => process.send?.(said)))
