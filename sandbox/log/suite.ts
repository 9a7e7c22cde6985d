import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto'
import type { SuiteName } from './suite-name.ts'
import { openSm2Key, sm2PublicBytes, verifySm2 } from './sm2.ts'

/** Hashes of 32 bytes, by the name the runtime knows them by. */
export type HashName = 'sha256' | 'sm3'

export type SigningKey = {
  readonly publicKey: Uint8Array
  /** Of 64 bytes. */
  readonly sign: (message: Uint8Array) => Uint8Array
}

/** What is encrypted, and what is not but belongs to it. */
export type Sealing = {
  readonly key: Uint8Array
  readonly nonce: Uint8Array
  readonly associated: Uint8Array
}

/**
 * The primitives of a domain, chosen once, when its home is made. Nothing else of the sandbox names an algorithm for
 * signatures, the log's tree, commitments, the ring of keys, or what is sealed in the state.
 */
export type Suite = {
  readonly name: SuiteName
  readonly hash: HashName
  /** What stands before the public key in a verifier's text, and how long that key is (C2SP signed-note). */
  readonly keyType: Uint8Array
  readonly publicKeyBytes: number
  /** The signing key of a seed of 32 bytes. */
  readonly signingKey: (seed: Uint8Array) => SigningKey
  readonly verify: (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean
  readonly nonceBytes: number
  /** Encrypts under a key of 32 bytes; the answer holds the nonce and what shows that nothing was changed. */
  readonly seal: (sealing: Sealing, bytes: Uint8Array) => Uint8Array
  /** Throws where this key and these associated bytes did not seal it. */
  readonly unseal: (opening: Omit<Sealing, 'nonce'>, sealed: Uint8Array) => Uint8Array
  /** One key for one use (RFC 5869). */
  readonly derive: (key: Uint8Array, use: string) => Uint8Array
  /**
   * The block cipher itself, over blocks of 16 bytes one after the other, each for itself: a permutation of blocks that
   * nobody without the key tells from a random one. Only for blocks that are random to begin with; it hides no repetition.
   */
  readonly permute: (key: Uint8Array, blocks: Uint8Array, way: 'there' | 'back') => Uint8Array
}

const derive =
  (hash: HashName): Suite['derive'] =>
  (key, use) =>
    new Uint8Array(hkdfSync(hash, key, '', use, 32))

/** The fixed beginning of an Ed25519 key in DER (RFC 8410 sections 4 and 7); the 32 bytes of the key follow. */
const derPrivate = Buffer.from('302e020100300506032b657004220420', 'hex')
const derPublic = Buffer.from('302a300506032b6570032100', 'hex')

const openEd25519Key = (seed: Uint8Array): SigningKey => {
  if (seed.length !== 32) throw new RangeError('an Ed25519 seed has 32 bytes')
  const key = Buffer.concat([derPrivate, seed])
  const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' })
  const der = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  return {
    publicKey: der.subarray(derPublic.length),
    sign: (message) => sign(null, message, privateKey),
  }
}

const verifyEd25519: Suite['verify'] = (publicKey, message, signature) => {
  const key = Buffer.concat([derPublic, publicKey])
  const opened = createPublicKey({ key, format: 'der', type: 'spki' })
  return signature.length === 64 && verify(null, message, opened, signature)
}

const tagBytes = 16
const gcmNonceBytes = 12

/** AES-256-GCM. Random nonces of 96 bits are safe far beyond what a domain seals (NIST SP 800-38D section 8.3). */
const sealGcm: Suite['seal'] = ({ key, nonce, associated }, bytes) => {
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(associated)
  return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
}

const unsealGcm: Suite['unseal'] = ({ key, associated }, sealed) => {
  if (sealed.length < gcmNonceBytes + tagBytes) throw new RangeError('sealed bytes are too short')
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, gcmNonceBytes), {
    authTagLength: tagBytes,
  })
  decipher.setAAD(associated)
  decipher.setAuthTag(sealed.subarray(-tagBytes))
  return Buffer.concat([
    decipher.update(sealed.subarray(gcmNonceBytes, -tagBytes)),
    decipher.final(),
  ])
}

const cbcNonceBytes = 16
const macBytes = 32

/**
 * SM4-CBC, then HMAC-SM3 over everything (encrypt-then-MAC), each under a key of its own: the runtime's OpenSSL has no
 * authenticated mode of SM4. The length before the associated bytes keeps them apart from what follows.
 */
const sm4Keys = (key: Uint8Array): { readonly cipher: Uint8Array; readonly mac: Uint8Array } => ({
  cipher: derive('sm3')(key, 'sluice sm4-cbc 1').subarray(0, 16),
  mac: derive('sm3')(key, 'sluice hmac-sm3 1'),
})

const macOf = (mac: Uint8Array, associated: Uint8Array, body: Uint8Array): Buffer => {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(associated.length)
  return createHmac('sm3', mac).update(length).update(associated).update(body).digest()
}

const sealSm4: Suite['seal'] = ({ key, nonce, associated }, bytes) => {
  const keys = sm4Keys(key)
  const cipher = createCipheriv('sm4-cbc', keys.cipher, nonce)
  const body = Buffer.concat([nonce, cipher.update(bytes), cipher.final()])
  return Buffer.concat([body, macOf(keys.mac, associated, body)])
}

const unsealSm4: Suite['unseal'] = ({ key, associated }, sealed) => {
  if (sealed.length < cbcNonceBytes + macBytes) throw new RangeError('sealed bytes are too short')
  const keys = sm4Keys(key)
  const body = sealed.subarray(0, -macBytes)
  if (!timingSafeEqual(macOf(keys.mac, associated, body), sealed.subarray(-macBytes)))
    throw new Error('sealed bytes were changed')
  const decipher = createDecipheriv('sm4-cbc', keys.cipher, body.subarray(0, cbcNonceBytes))
  return Buffer.concat([decipher.update(body.subarray(cbcNonceBytes)), decipher.final()])
}

/** Throws where the bytes are no whole blocks. */
const permuteBy =
  (algorithm: string, keyOf: (key: Uint8Array) => Uint8Array): Suite['permute'] =>
  (key, blocks, way) => {
    const open = way === 'there' ? createCipheriv : createDecipheriv
    const cipher = open(algorithm, keyOf(key), null).setAutoPadding(false)
    return Buffer.concat([cipher.update(blocks), cipher.final()])
  }

export const suites: Readonly<Record<SuiteName, Suite>> = {
  intl: {
    name: 'intl',
    hash: 'sha256',
    keyType: Buffer.of(1),
    publicKeyBytes: 32,
    signingKey: openEd25519Key,
    verify: verifyEd25519,
    nonceBytes: gcmNonceBytes,
    seal: sealGcm,
    unseal: unsealGcm,
    derive: derive('sha256'),
    permute: permuteBy('aes-256-ecb', (key) => key),
  },
  gm: {
    name: 'gm',
    hash: 'sm3',
    // No type is assigned to SM2: ff and a name of one's own, as the specification asks.
    keyType: Buffer.concat([Buffer.of(0xff), Buffer.from('sluice.domain/sm2-with-sm3')]),
    publicKeyBytes: sm2PublicBytes,
    signingKey: openSm2Key,
    verify: verifySm2,
    nonceBytes: cbcNonceBytes,
    seal: sealSm4,
    unseal: unsealSm4,
    derive: derive('sm3'),
    permute: permuteBy('sm4-ecb', (key) =>
      derive('sm3')(key, 'sluice sm4 block 1').subarray(0, 16),
    ),
  },
}
