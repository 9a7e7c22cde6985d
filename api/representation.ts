import type { Output } from '../sandbox/door.ts'
import { toCsv } from './csv.ts'
import { chooseMedia } from './negotiate.ts'
import { resultMedia } from './operations.ts'

/** A released result in the form `Accept` wants most. As JSON it is, byte for byte, what the log has the digest of. */
export const representationOf = (
  accept: string | undefined,
  release: Output<'result/fetch'>,
): { readonly media: string; readonly bytes: string } => {
  const { json, csv, release: whole } = resultMedia
  const media = chooseMedia(accept, [json, csv, whole])
  if (media === csv) return { media: 'text/csv; charset=utf-8', bytes: toCsv(release.result) }
  // What is left changes with time and stands in a header: a release is the same whenever it is fetched.
  const { budget: _, ...lasting } = release
  return { media, bytes: media === json ? release.bytes : JSON.stringify(lasting) }
}
