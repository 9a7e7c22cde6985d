import type { Output } from './door.ts'
import { proveInclusion } from './log/proof.ts'
import { hashesOf } from './state/log.ts'
import type { State } from './state/open.ts'

/** An entry with the proof that the last signed checkpoint covers it. The entry must be in the log. */
export const inclusionOf = ({ reader, last }: State, index: number): Output<'log/prove'> => {
  const { end, note } = last()
  const size = end.edge.size
  const body = reader.get('SELECT body FROM entries WHERE seq = ?', index)?.['body']
  if (typeof body !== 'string') throw new Error('no such entry')
  const path = proveInclusion(index, size, hashesOf(reader))
  return {
    index,
    size,
    path: path.map((hash) => Buffer.from(hash).toString('hex')),
    entry: body,
    checkpoint: note,
  }
}
