import { createHash } from 'node:crypto'
import { openCsv } from '../../connectors/csv.ts'
import { descriptorPath, openFolder } from '../../connectors/inbox.ts'
import { identityOf } from '../../connectors/regular-file.ts'
import { refuse } from '../../policies/refusal.ts'
import { digestJobSchema, type DigestMessage } from './digest-protocol.ts'

/** Reads one file of the inbox to its end and tells its SHA-256, and is ended by the keeper. */
process.once('disconnect', () => process.exit(0))

const answer = async (message: unknown): Promise<DigestMessage> => {
  try {
    const { inbox, folder: steps, file: name, bytesMax } = digestJobSchema.parse(message)
    const folder = await openFolder(inbox, steps)
    const opened = await openCsv(descriptorPath(folder), name, bytesMax)
    if (!opened.ok) return { say: 'refused', refusals: [...opened.refusals] }
    const file = opened.value
    const identity = await identityOf(file)
    const hash = createHash('sha256')
    for await (const block of file.createReadStream({ autoClose: false }))
      hash.update(block as Buffer)
    return (await identityOf(file)) === identity
      ? { say: 'digest', sha256: hash.digest('hex') }
      : { say: 'refused', refusals: [refuse('source/changed')] }
  } catch {
    return { say: 'failed' }
  }
}

process.once('message', (message) => void answer(message).then((said) => process.send?.(said)))
