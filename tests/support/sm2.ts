import { createHash } from 'node:crypto'

/** SM2 verification from GB/T 32918.2 section 7.1, with school arithmetic and nothing of the product. */
const p = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn
const a = p - 3n
const b = 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n
const n = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n
const g = [
  0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n,
  0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n,
] as const

type Affine = readonly [bigint, bigint] | undefined
const mod = (value: bigint, m: bigint): bigint => ((value % m) + m) % m
const power = (base: bigint, exponent: bigint, m: bigint): bigint => {
  let result = 1n
  let square = mod(base, m)
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = mod(result * square, m)
    square = mod(square * square, m)
  }
  return result
}
/** Fermat: p is prime. */
const inverse = (value: bigint): bigint => power(value, p - 2n, p)

const add = (left: Affine, right: Affine): Affine => {
  if (left === undefined) return right
  if (right === undefined) return left
  const [x1, y1] = left
  const [x2, y2] = right
  if (x1 === x2 && mod(y1 + y2, p) === 0n) return undefined
  const slope =
    x1 === x2 ? (3n * x1 * x1 + a) * inverse(2n * y1) : (y2 - y1) * inverse(mod(x2 - x1, p))
  const x3 = mod(slope * slope - x1 - x2, p)
  return [x3, mod(slope * (x1 - x3) - y1, p)]
}
const times = (k: bigint, point: Affine): Affine => {
  let sum: Affine
  let doubled = point
  for (let rest = k; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) sum = add(sum, doubled)
    doubled = add(doubled, doubled)
  }
  return sum
}

const bytes = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex')
const number = (part: Uint8Array): bigint => BigInt(`0x${Buffer.from(part).toString('hex')}`)
const sm3 = (...parts: Uint8Array[]): Buffer =>
  createHash('sm3').update(Buffer.concat(parts)).digest()

export const naiveSm2Verify = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean => {
  const [x, y] = [number(publicKey.subarray(1, 33)), number(publicKey.subarray(33))]
  const [r, s] = [number(signature.subarray(0, 32)), number(signature.subarray(32))]
  const identity = Buffer.from('1234567812345678')
  const z = sm3(Buffer.of(0, 128), identity, ...[a, b, g[0], g[1], x, y].map(bytes))
  const e = number(sm3(z, message))
  const t = mod(r + s, n)
  if (r < 1n || r >= n || s < 1n || s >= n || t === 0n) return false
  const sum = add(times(s, g), times(t, [x, y]))
  return sum !== undefined && mod(e + sum[0], n) === r
}
