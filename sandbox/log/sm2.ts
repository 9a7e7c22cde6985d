import { hash, hkdfSync } from 'node:crypto'
import { weierstrass, type WeierstrassPoint } from '@noble/curves/abstract/weierstrass.js'
import type { SigningKey } from './suite.ts'

/**
 * SM2 signatures with SM3 (GM/T 0003.2-2012, GB/T 32918.2-2016) on the curve of GM/T 0003.5, with the identity that GM/T
 * 0009 gives where none is agreed. The runtime's OpenSSL signs with an empty identity and lets none be set (tried), so
 * nobody else would verify its signatures. The arithmetic of the curve is @noble/curves'.
 */
const order = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n
const curve = {
  p: 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn,
  n: order,
  h: 1n,
  a: 0xfffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffcn,
  b: 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n,
  Gx: 0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n,
  Gy: 0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n,
}
const Point = weierstrass(curve)
type Point = WeierstrassPoint<bigint>

/** A point without compression: 04, x, y. */
export const sm2PublicBytes = 65
const signatureBytes = 64

const identity = Buffer.from('1234567812345678')

const bytesOf = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex')
const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
const modulo = (value: bigint): bigint => ((value % order) + order) % order

/** The public key's own part of what is signed: Z of section 5.5, with the identity's length in bits before it. */
const prefixOf = (publicKey: Uint8Array): Buffer => {
  const { a, b, Gx, Gy } = curve
  const bits = Buffer.alloc(2)
  bits.writeUInt16BE(identity.length * 8)
  const parameters = [a, b, Gx, Gy].map(bytesOf)
  return hash(
    'sm3',
    Buffer.concat([bits, identity, ...parameters, publicKey.subarray(1)]),
    'buffer',
  )
}

const digestOf = (prefix: Uint8Array, message: Uint8Array): bigint =>
  numberOf(hash('sm3', Buffer.concat([prefix, message]), 'buffer'))

/** A number from 1 up to `below`, from 64 bits more than it has: its distance from a uniform one is 2^-64. */
const scalarOf = (secret: Uint8Array, use: string, below: bigint): bigint =>
  (numberOf(new Uint8Array(hkdfSync('sm3', secret, '', use, 40))) % (below - 1n)) + 1n

/** The private key of a seed of 32 bytes. */
export const openSm2Key = (seed: Uint8Array): SigningKey => {
  if (seed.length !== 32) throw new RangeError('an SM2 seed has 32 bytes')
  return sm2KeyOf(scalarOf(seed, 'sluice sm2 private key 1', order - 1n))
}

/** A signing key of a private key from 1 to n - 2. */
export const sm2KeyOf = (secret: bigint): SigningKey => {
  const publicKey = Point.BASE.multiply(secret).toBytes(false)
  const prefix = prefixOf(publicKey)
  const inverse = Point.Fn.inv(secret + 1n)
  const sign = (message: Uint8Array): Uint8Array => {
    const digest = digestOf(prefix, message)
    for (let attempt = 0; ; attempt += 1) {
      // As in RFC 6979 the secret of a signature comes from key and message: a bad random source gives no key away.
      const known = Buffer.concat([bytesOf(secret), bytesOf(digest)])
      const signature = signWith(scalarOf(known, `sluice sm2 signature ${attempt}`, order), digest)
      if (signature !== undefined) return signature
    }
  }
  /** Section 6.1, A3 to A6; undefined where another k is wanted. */
  const signWith = (k: bigint, digest: bigint): Uint8Array | undefined => {
    const r = modulo(digest + Point.BASE.multiply(k).toAffine().x)
    if (r === 0n || r + k === order) return undefined
    const s = modulo(inverse * (k - r * secret))
    return s === 0n ? undefined : Buffer.concat([bytesOf(r), bytesOf(s)])
  }
  return { publicKey, sign }
}

/** Section 7.1. A signature is r and s, 32 bytes each. */
export const verifySm2 = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean => {
  const point = pointOf(publicKey)
  if (point === undefined || signature.length !== signatureBytes) return false
  const r = numberOf(signature.subarray(0, 32))
  const s = numberOf(signature.subarray(32))
  const t = modulo(r + s)
  if (r === 0n || s === 0n || r >= order || s >= order || t === 0n) return false
  const sum = Point.BASE.multiplyUnsafe(s).add(point.multiplyUnsafe(t))
  if (sum.is0()) return false
  return modulo(digestOf(prefixOf(publicKey), message) + sum.toAffine().x) === r
}

/** A point of the curve; its order is prime, so no other subgroup is there to fall into. */
const pointOf = (publicKey: Uint8Array): Point | undefined => {
  if (publicKey.length !== sm2PublicBytes || publicKey[0] !== 4) return undefined
  try {
    return Point.fromBytes(publicKey)
  } catch {
    return undefined
  }
}
