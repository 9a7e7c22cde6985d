import { accepted, refused, type Outcome } from '../policies/outcome.ts'
import { refuse } from '../policies/refusal.ts'
import type { BodyRule } from './operations.ts'

/**
 * Reads a request's body of exactly the rule's media type, never holding more than `bytesMax` and one chunk.
 * A charset other than UTF-8 or a content coding is refused: either would be another text.
 */
export const readBody = async (request: Request, rule: BodyRule): Promise<Outcome<Uint8Array>> => {
  const sent = request.headers.get('content-type') ?? ''
  const pattern = /^\s*([\w.+-]+\/[\w.+-]+)\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?$/i
  const media = pattern.exec(sent)?.[1]?.toLowerCase()
  if (media !== rule.media || request.headers.has('content-encoding'))
    return refused(refuse('submission/media-type', { media: rule.media }))
  if (Number(request.headers.get('content-length') ?? 0) > rule.bytesMax) return tooLarge(rule)
  return readStream(request.body, rule)
}

const tooLarge = (rule: BodyRule): Outcome<never> =>
  refused(refuse('submission/too-large', { max: rule.bytesMax }))

const readStream = async (
  stream: ReadableStream<Uint8Array> | null,
  rule: BodyRule,
): Promise<Outcome<Uint8Array>> => {
  const chunks: Uint8Array[] = []
  let length = 0
  const reader = stream?.getReader()
  for (;;) {
    const next = await reader?.read()
    if (next === undefined || next.done) break
    length += next.value.length
    if (length > rule.bytesMax) {
      await reader?.cancel()
      return tooLarge(rule)
    }
    chunks.push(next.value)
  }
  return accepted(Buffer.concat(chunks, length))
}
