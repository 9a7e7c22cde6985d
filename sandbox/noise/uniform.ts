import type { ByteReader } from './bytes.ts'

/** Draws uniform whole numbers from 0 to `bound` - 1, exactly: as many bits as the bound has, again until below it. */
export const uniformBelow = (bound: bigint, bytes: ByteReader): (() => bigint) => {
  if (bound < 1n) throw new RangeError('the bound must be positive')
  const bits = (bound - 1n).toString(2).length
  const length = Math.ceil(bits / 8)
  const topMask = 0xff >> (length * 8 - bits)
  const draw = length <= 6 ? drawNumber : drawBigint
  return () => {
    for (;;) {
      const value = draw(length, topMask, bytes)
      if (value < bound) return BigInt(value)
    }
  }
}

/** Up to 48 bits stay exact in a double. */
const drawNumber = (length: number, topMask: number, bytes: ByteReader): number => {
  let value = bytes.byte() & topMask
  for (let read = 1; read < length; read++) value = value * 256 + bytes.byte()
  return value
}

const drawBigint = (length: number, topMask: number, bytes: ByteReader): bigint => {
  let value = BigInt(bytes.byte() & topMask)
  for (let read = 1; read < length; read++) value = (value << 8n) | BigInt(bytes.byte())
  return value
}
