import { hash } from 'node:crypto'
import { hashBytes } from './tree.ts'
import type { Head } from './proof.ts'
import { suiteNames, type SuiteName } from './suite-name.ts'
import { suites, type Suite } from './suite.ts'

/**
 * A checkpoint is a signed note (C2SP signed-note) whose text is the head of a log (C2SP tlog-checkpoint), so that
 * public witnesses and verifiers read it:
 *
 *   <origin> LF <size, decimal> LF <root, base64> LF
 *   LF
 *   U+2014 SP <key name> SP base64(key id, 4 bytes || signature of the text, 64 bytes) LF
 *
 * The signature is Ed25519, or SM2 in a domain of the suite `gm`, whose logs public witnesses do not read.
 */
export type Checkpoint = Head & { readonly origin: string }

/** A key that signs checkpoints; its name is the log's origin. The seed is what other keys of the log derive from. */
export type Signer = {
  readonly name: string
  readonly suite: Suite
  readonly seed: Uint8Array
  readonly publicKey: Uint8Array
  readonly sign: (message: Uint8Array) => Uint8Array
}

/** A public key with the name it goes by. As text: `<name>+<key id, hex>+<base64(type || public key)>`. */
export type Verifier = {
  readonly name: string
  readonly suite: Suite
  readonly publicKey: Uint8Array
}

/** Longest note read: the text and the 16 signatures a reader must take. */
const noteCharactersMax = 8192

/** A signer of a 32-byte seed (Ed25519: RFC 8032). Names are not empty and have neither white space nor `+`. */
export const signerOf = (name: string, seed: Uint8Array, suite: SuiteName = 'intl'): Signer => {
  if (!isKeyName(name)) throw new RangeError('a key name has no white space and no `+`')
  const { publicKey, sign } = suites[suite].signingKey(seed)
  return { name, suite: suites[suite], seed, publicKey, sign }
}

export const verifierOf = ({ name, suite, publicKey }: Signer): Verifier => ({
  name,
  suite,
  publicKey,
})

const isKeyName = (name: string): boolean =>
  name.isWellFormed() && /^[^\s+\p{Cc}]{1,200}$/u.test(name)

const encodedKey = ({ suite, publicKey }: Verifier): Buffer =>
  Buffer.concat([suite.keyType, publicKey])

/** Key id: the first four bytes of SHA-256(name || LF || type || public key). */
const keyIdOf = (verifier: Verifier): Buffer =>
  hash(
    'sha256',
    Buffer.concat([Buffer.from(`${verifier.name}\n`), encodedKey(verifier)]),
    'buffer',
  ).subarray(0, 4)

export const formatVerifier = (verifier: Verifier): string =>
  `${verifier.name}+${keyIdOf(verifier).toString('hex')}+${encodedKey(verifier).toString('base64')}`

/** Reads a verifier's text; undefined where it is not one or its key id does not fit. */
export const parseVerifier = (text: string): Verifier | undefined => {
  // Base64 may hold `+` itself, a name may not: the first two separate.
  const parts = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{44,200})$/.exec(text)
  const [, name = '', id = '', encoded = ''] = parts ?? []
  const key = decodeBase64(encoded)
  const suite = suiteNames.map((each) => suites[each]).find((each) => isKeyOf(each, key))
  if (!isKeyName(name) || key === undefined || suite === undefined) return undefined
  const verifier = { name, suite, publicKey: key.subarray(suite.keyType.length) }
  return keyIdOf(verifier).toString('hex') === id ? verifier : undefined
}

const isKeyOf = ({ keyType, publicKeyBytes }: Suite, key: Buffer | undefined): boolean =>
  key?.length === keyType.length + publicKeyBytes && key.subarray(0, keyType.length).equals(keyType)

const textOf = (checkpoint: Checkpoint): string =>
  `${checkpoint.origin}\n${checkpoint.size}\n${Buffer.from(checkpoint.root).toString('base64')}\n`

/** Signs the head of a log. The origin is the signer's name. */
export const signCheckpoint = (signer: Signer, head: Head): string => {
  const text = textOf({ origin: signer.name, ...head })
  const signature = Buffer.concat([keyIdOf(verifierOf(signer)), signer.sign(Buffer.from(text))])
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
  const { suite, publicKey } = verifier
  const valid = signatures.every((each) => suite.verify(publicKey, Buffer.from(text), each))
  const checkpoint = signatures.length > 0 && valid ? parseText(text) : undefined
  return checkpoint && { ...checkpoint, hash: suite.hash }
}

/** A signature line's signature where it is this verifier's; undefined where it is another's. */
const signatureOf = (line: string, verifier: Verifier): Uint8Array | 'malformed' | undefined => {
  const [, name, encoded = ''] = /^— (\S+) (\S+)$/u.exec(line) ?? []
  const bytes = decodeBase64(encoded)
  if (name === undefined || bytes === undefined || bytes.length < 5) return 'malformed'
  const isMine = name === verifier.name && bytes.subarray(0, 4).equals(keyIdOf(verifier))
  return isMine ? bytes.subarray(4) : undefined
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
