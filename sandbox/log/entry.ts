import { hash } from 'node:crypto'
import * as z from 'zod'
import { canonicalJson } from '../../policies/canonical.ts'
import { events } from '../../policies/event.ts'
import { nameSchema } from '../../policies/name.ts'
import type { World } from '../world.ts'
import type { HashName } from './suite.ts'

/** Longest entry, in bytes of its canonical JSON. The verifier reads lines of a bounded size. */
export const entryBytesMax = 16_384

/** Text without control characters and with a UTF-8 form. */
const textSchema = (lengthMax: number) =>
  z
    .string()
    .max(lengthMax)
    .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), {
      message: 'control characters and lone surrogates have no place in the log',
    })

const detailValueSchema = z.union([textSchema(400), z.number(), z.array(textSchema(200)).max(100)])

/** Facts of the event: names, digests, public figures, reasons, salted commitments. Never a value of the domain (I4). */
export const detailSchema = z
  .record(z.string().regex(/^[a-z][a-zA-Z0-9]{0,39}$/), detailValueSchema)
  .refine((detail) => Object.keys(detail).length <= 32, { message: 'at most 32 facts' })

export const actorSchema = z.strictObject({
  account: nameSchema,
  organisation: nameSchema,
  role: nameSchema,
})
export type Actor = z.infer<typeof actorSchema>

/** What is known of an event before the log gives it a place and a time. */
export const draftSchema = z.strictObject({
  actor: actorSchema,
  event: z.enum(events),
  subject: z.strictObject({ type: nameSchema, id: textSchema(200).min(1) }),
  /** Where the event is a decision, which way it went. */
  decision: z.enum(['allow', 'deny']).optional(),
  detail: detailSchema,
})
export type Draft = z.infer<typeof draftSchema>

/** Bytes of an entry's salt. */
export const saltBytes = 16

/**
 * An entry of the log. `seq` counts from 0 and is the leaf's index; `timeMs` never goes back. `salt` is 128 random bits in
 * hexadecimal: who holds leaf hashes, from tiles or from the proof of the entry beside, finds no entry by trying (I4).
 */
export const entrySchema = draftSchema.extend({
  salt: z.string().regex(/^[0-9a-f]{32}$/),
  seq: z.int().min(0),
  timeMs: z.int().min(0),
})
export type Entry = z.infer<typeof entrySchema>

/** The bytes a leaf of the tree is made of: canonical JSON in UTF-8. Throws on an entry that is not valid or too long. */
export const entryBytes = (entry: Entry): Uint8Array => {
  const bytes = Buffer.from(canonicalJson(entrySchema.parse(entry)), 'utf8')
  if (bytes.length > entryBytesMax) throw new RangeError('a log entry has at most 16384 bytes')
  return bytes
}

/**
 * A commitment to bytes that must not be found by trying (I4: a bare hash of a small count can be enumerated):
 * H(salt || bytes), hexadecimal, H of the domain's suite. The salt, 32 random bytes, stays with the bytes and opens the commitment.
 */
export const commitmentOf = (
  salt: Uint8Array,
  bytes: Uint8Array,
  name: HashName = 'sha256',
): string => {
  if (salt.length !== 32) throw new RangeError('a salt has 32 bytes')
  return hash(name, Buffer.concat([salt, bytes]), 'hex')
}

/** Commits to bytes under a fresh salt. */
export const commitTo = (
  world: World,
  bytes: Uint8Array,
  name: HashName = 'sha256',
): { readonly salt: Uint8Array; readonly commitment: string } => {
  const salt = world.randomBytes(32)
  return { salt, commitment: commitmentOf(salt, bytes, name) }
}
