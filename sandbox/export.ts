import type { Output } from './door.ts'
import { signCheckpoint, verifierOf, type Signer } from './log/checkpoint.ts'
import { checkpointLine, entryLine, headerLine } from './log/export.ts'
import { rootAt } from './log/proof.ts'
import { leafHash } from './log/tree.ts'
import { hashesOf } from './state/log.ts'
import type { State } from './state/open.ts'

type Stretch = {
  readonly from: number
  readonly size?: number | undefined
  readonly linesMax: number
}

/**
 * Lines of an exported log from entry `from` on: the header before entry 0, the checkpoint after the last. `size` is
 * what the first call found; the checkpoint is signed for that size, however the log has grown since.
 */
export const exportLines = (
  { reader, last }: State,
  signer: Signer,
  { from, size: asked, linesMax }: Stretch,
): Output<'log/export'> => {
  const total = last().end.edge.size
  const size = Math.min(asked ?? total, total)
  const rows = reader.all(
    'SELECT body FROM entries WHERE seq >= ? AND seq < ? ORDER BY seq LIMIT ?',
    from,
    size,
    linesMax,
  )
  const lines = rows.map((row) => {
    const body = String(row['body'])
    return entryLine(body, leafHash(Buffer.from(body)))
  })
  if (from === 0) lines.unshift(headerLine(verifierOf(signer), size))
  const next = from + rows.length
  if (next < size) return { lines, next }
  const root = rootAt(size, hashesOf(reader))
  lines.push(checkpointLine(signCheckpoint(signer, { size, root })))
  return { lines }
}
