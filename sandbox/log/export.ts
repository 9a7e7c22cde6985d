import { canonicalJson } from '../../policies/canonical.ts'
import { formatVerifier, type Verifier } from './checkpoint.ts'
import { entryBytesMax } from './entry.ts'

/**
 * An exported log is a file of JSON lines, each in canonical form and ended by LF:
 *
 *   {"format":"sluice-log-1","size":<entries>,"verifier":"<name>+<key id>+<key>"}
 *   {"entry":{...},"leaf":"<hex>"}          one for each entry, in order; the leaf is SHA-256(00 || entry)
 *   {"checkpoint":"<signed note>"}          between entries, where the log was signed at that size
 *   {"checkpoint":"<signed note>"}          the last line: of the size above
 *
 * The leaf beside an entry lets a verifier name the very entry that was changed; a root alone says that some entry was.
 * Checkpoints in between narrow down entries that were rewritten together with their leaves.
 */
export const exportFormat = 'sluice-log-1'

export const lineBytesMax = entryBytesMax + 256

export const headerLine = (verifier: Verifier, size: number): string =>
  canonicalJson({ format: exportFormat, size, verifier: formatVerifier(verifier) })

/** `body` is the entry's canonical text. */
export const entryLine = (body: string, leaf: Uint8Array): string =>
  `${entryBeginning}${body}${leafBeginning}${Buffer.from(leaf).toString('hex')}"}`

export const checkpointLine = (note: string): string => canonicalJson({ checkpoint: note })

const entryBeginning = '{"entry":'
const leafBeginning = ',"leaf":"'
const tailBytes = leafBeginning.length + 64 + 2

/** The parts of an entry's line, undefined where it is another line. Works on bytes: this is read a million times. */
export const splitEntryLine = (
  line: Buffer,
): { readonly body: Buffer; readonly leaf: string } | undefined => {
  const end = line.length - tailBytes
  if (end <= entryBeginning.length) return undefined
  const isEntry =
    line.toString('latin1', 0, entryBeginning.length) === entryBeginning &&
    line.toString('latin1', end, end + leafBeginning.length) === leafBeginning &&
    line.toString('latin1', line.length - 2) === '"}'
  if (!isEntry) return undefined
  return {
    body: line.subarray(entryBeginning.length, end),
    leaf: line.toString('latin1', end + leafBeginning.length, line.length - 2),
  }
}
