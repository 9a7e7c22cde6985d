import type { Output } from './door.ts'
import type { Signer } from './log/checkpoint.ts'
import { exportPart } from './state/export.ts'
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
  const part = exportPart(reader, signer, { from: Math.min(from, size), size, limit: linesMax })
  return { lines: [...part.lines], ...(part.next !== undefined && { next: part.next }) }
}
