import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

/** Deepest nesting written: a document of this product has fewer than twenty levels, a cycle has no end. */
const depthMax = 64

/**
 * The canonical JSON of a value (RFC 8785): members sorted by UTF-16 code units, no white space, numbers and strings as
 * ECMAScript writes them. Equal values have equal text, so a digest of it names the value.
 * Throws a TypeError on what JSON cannot say without loss: undefined, a hole, a number that is not finite, a big
 * integer, a function, an object with a class, a lone surrogate, nesting beyond 64.
 */
export const canonicalJson = (value: unknown): string => write(value, 0)

/** Lower-case hexadecimal SHA-256 of the canonical JSON in UTF-8: the address of an immutable document. */
export const digestOf = (value: unknown): string =>
  bytesToHex(sha256(utf8ToBytes(canonicalJson(value))))

const write = (value: unknown, depth: number): string => {
  if (depth > depthMax) throw new TypeError('nested too deeply for canonical JSON')
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return writeString(value)
  if (typeof value === 'number') return writeNumber(value)
  if (Array.isArray(value)) return writeArray(value, depth)
  if (typeof value === 'object') return writeObject(value, depth)
  throw new TypeError(`canonical JSON has no ${typeof value}`)
}

/** JSON.stringify escapes exactly as RFC 8785 3.2.2.2 asks; a lone surrogate has no UTF-8. */
const writeString = (value: string): string => {
  if (!value.isWellFormed()) throw new TypeError('canonical JSON has no lone surrogates')
  return JSON.stringify(value)
}

/** ECMAScript's own number format is the one RFC 8785 3.2.2.3 prescribes; minus zero is written `0`. */
const writeNumber = (value: number): string => {
  if (!Number.isFinite(value)) throw new TypeError('canonical JSON has finite numbers only')
  return JSON.stringify(value)
}

/** `Array.from` and not `map`: a hole becomes undefined and is refused. */
const writeArray = (value: readonly unknown[], depth: number): string =>
  `[${Array.from(value, (item) => write(item, depth + 1)).join(',')}]`

const writeObject = (value: object, depth: number): string => {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null)
    throw new TypeError('canonical JSON has plain objects only')
  const record = value as Record<string, unknown>
  // The default order of sort() is by UTF-16 code units, as RFC 8785 3.2.3 asks.
  const members = Object.keys(record)
    .sort()
    .map((name) => `${writeString(name)}:${write(record[name], depth + 1)}`)
  return `{${members.join(',')}}`
}
