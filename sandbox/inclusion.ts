import type { Output } from './door.ts'
import { entryAt, inclusionOf as prove } from './state/log.ts'
import type { State } from './state/open.ts'

/**
 * An entry with the proof that the last signed checkpoint covers it, or that the log had it when it had `asked` entries.
 * The entry must be in the log, and in that part of it.
 */
export const inclusionOf = (
  { reader, last }: State,
  index: number,
  asked?: number,
): Output<'log/prove'> => {
  const { end, note } = last()
  const size = asked ?? end.edge.size
  const entry = entryAt(reader, index)
  if (entry === undefined) throw new Error('no such entry')
  return {
    index,
    size,
    path: prove(reader, index, size, end.edge.hash).map((hash) =>
      Buffer.from(hash).toString('hex'),
    ),
    entry: entry.body,
    checkpoint: note,
  }
}
