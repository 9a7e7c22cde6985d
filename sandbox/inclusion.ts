import type { Output } from './door.ts'
import { entryAt, inclusionOf as prove } from './state/log.ts'
import type { State } from './state/open.ts'

/** An entry with the proof that the last signed checkpoint covers it. The entry must be in the log. */
export const inclusionOf = ({ reader, last }: State, index: number): Output<'log/prove'> => {
  const { end, note } = last()
  const size = end.edge.size
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
