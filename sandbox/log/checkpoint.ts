import { createPrivateKey, createPublicKey, hash, sign, verify, type KeyObject } from 'node:crypto'
import { hashBytes } from './tree.ts'
import type { Head } from './proof.ts'

/**
 * A checkpoint is a signed note (C2SP signed-note) whose text is the head of a log (C2SP tlog-checkpoint), so that
 * public witnesses and verifiers read it:
 *
 *   <origin> LF <size, decimal> LF <root, base64> LF
 *   LF
 *   U+2014 SP <key name> SP base64(key id, 4 bytes || Ed25519 signature of the text, 64 bytes) LF
 */
export type Checkpoint = Head & { readonly origin: string }

/** A key that signs checkpoints; its name is the log's origin. */
export type Signer = { readonly name: string; readonly privateKey: KeyObject }

/** A public key with the name it goes by. As text: `<name>+<key id, hex>+<base64(01 || public key)>`. */
export type Verifier = { readonly name: string; readonly publicKey: Uint8Array }

/** Type byte of an Ed25519 signature in C2SP signed-note. */
const ed25519 = 1

/** Longest note read: the text and the 16 signatures a reader must take. */
const noteCharactersMax = 8192

/** The fixed beginning of an Ed25519 key in DER (RFC 8410 sections 4 and 7); the 32 bytes of the key follow. */
const derPrivate = Buffer.from('302e020100300506032b657004220420', 'hex')
const derPublic = Buffer.from('302a300506032b6570032100', 'hex')

/** A signer of a 32-byte Ed25519 seed (RFC 8032). Names are not empty and have neither white space nor `+`. */
export const signerOf = (name: string, seed: Uint8Array): Signer => {
  if (!isKeyName(name)) throw new RangeError('a key name has no white space and no `+`')
  if (seed.length !== 32) throw new RangeError('an Ed25519 seed has 32 bytes')
  const key = Buffer.concat([derPrivate, seed])
  return { name, privateKey: createPrivateKey({ key, format: 'der', type: 'pkcs8' }) }
}

export const verifierOf = ({ name, privateKey }: Signer): Verifier => {
  const der = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  return { name, publicKey: der.subarray(derPublic.length) }
}

const isKeyName = (name: string): boolean =>
  name.isWellFormed() && /^[^\s+\p{Cc}]{1,200}$/u.test(name)

/** Key id: the first four bytes of SHA-256(name || LF || 01 || public key). */
const keyIdOf = ({ name, publicKey }: Verifier): Buffer =>
  hash(
    'sha256',
    Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(ed25519), publicKey]),
    'buffer',
  ).subarray(0, 4)

export const formatVerifier = (verifier: Verifier): string => {
  const key = Buffer.concat([Buffer.of(ed25519), verifier.publicKey])
  return `${verifier.name}+${keyIdOf(verifier).toString('hex')}+${key.toString('base64')}`
}

/** Reads a verifier's text; undefined where it is not one or its key id does not fit. */
export const parseVerifier = (text: string): Verifier | undefined => {
  // Base64 may hold `+` itself, a name may not: the first two separate.
  const parts = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{44})$/.exec(text)
  const [, name = '', id = '', encoded = ''] = parts ?? []
  const key = decodeBase64(encoded)
  if (!isKeyName(name) || key?.length !== 33 || key[0] !== ed25519) return undefined
  const verifier = { name, publicKey: key.subarray(1) }
  return keyIdOf(verifier).toString('hex') === id ? verifier : undefined
}

const textOf = (checkpoint: Checkpoint): string =>
  `${checkpoint.origin}\n${checkpoint.size}\n${Buffer.from(checkpoint.root).toString('base64')}\n`

/** Signs the head of a log. The origin is the signer's name. */
export const signCheckpoint = (signer: Signer, head: Head): string => {
  const text = textOf({ origin: signer.name, ...head })
  const signature = Buffer.concat([
    keyIdOf(verifierOf(signer)),
    sign(null, Buffer.from(text), signer.privateKey),
  ])
  return `${text}\n— ${signer.name} ${signature.toString('base64')}\n`
}

/**
 * Reads a note and verifies it; undefined unless its text is a checkpoint and this verifier's signature on it is
 * valid. Signatures of other keys (witnesses, a key before or after) are passed over. The origin may differ from the
 * key's name: compare it where that matters.
 */
export const openCheckpoint = (note: string, verifier: Verifier): Checkpoint | undefined => {
  if (note.length > noteCharactersMax) return undefined
  const end = note.lastIndexOf('\n\n')
  const text = note.slice(0, end + 1)
  const lines = note.slice(end + 2).split('\n')
  if (end < 0 || lines.pop() !== '') return undefined
  const mine = lines.map((line) => signatureOf(line, verifier))
  if (mine.includes('malformed')) return undefined
  const signatures = mine.filter((signature) => signature instanceof Uint8Array)
  const valid = signatures.every((signature) => isSigned(text, signature, verifier))
  return signatures.length > 0 && valid ? parseText(text) : undefined
}

/** A signature line's signature where it is this verifier's; undefined where it is another's. */
const signatureOf = (line: string, verifier: Verifier): Uint8Array | 'malformed' | undefined => {
  const [, name, encoded = ''] = /^— (\S+) (\S+)$/u.exec(line) ?? []
  const bytes = decodeBase64(encoded)
  if (name === undefined || bytes === undefined || bytes.length < 5) return 'malformed'
  const isMine = name === verifier.name && bytes.subarray(0, 4).equals(keyIdOf(verifier))
  return isMine ? bytes.subarray(4) : undefined
}

const isSigned = (text: string, signature: Uint8Array, { publicKey }: Verifier): boolean => {
  const key = createPublicKey({
    key: Buffer.concat([derPublic, publicKey]),
    format: 'der',
    type: 'spki',
  })
  return signature.length === 64 && verify(null, Buffer.from(text), key, signature)
}

/** Extension lines are refused: nobody who watches the log could check them. */
const parseText = (text: string): Checkpoint | undefined => {
  const [origin = '', decimal = '', encoded = '', ...rest] = text.split('\n')
  const root = decodeBase64(encoded)
  if (rest.length !== 1 || rest[0] !== '' || origin === '' || root?.length !== hashBytes)
    return undefined
  const size = Number(decimal)
  if (!/^(0|[1-9]\d*)$/.test(decimal) || !Number.isSafeInteger(size)) return undefined
  return { origin, size, root }
}

/** Base64 in its one canonical spelling; Node's decoder alone would pass over what does not belong. */
const decodeBase64 = (text: string): Buffer | undefined => {
  const bytes = Buffer.from(text, 'base64')
  return text !== '' && bytes.toString('base64') === text ? bytes : undefined
}
