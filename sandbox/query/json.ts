/**
 * JSON as the engine writes syntax trees and plans. Integers beyond 2^53 are bigints and numbers with a fraction or an
 * exponent keep their text: `JSON.parse` would round 128-bit constants and read `100.0` as an integer, and it refuses
 * the bare tokens `Infinity` and `NaN` the engine writes.
 */
export type Json =
  | null
  | boolean
  | number
  | bigint
  | string
  | Fraction
  | readonly Json[]
  | JsonObject
export type JsonObject = { readonly [key: string]: Json }

/** A number with a fraction or an exponent, as the engine wrote it. */
export class Fraction {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  !(value instanceof Fraction)

/** What a table has for a word of the engine's; what every object inherits (`constructor`) is no entry. */
export const own = <T>(table: Readonly<Record<string, T>>, word: string): T | undefined =>
  Object.hasOwn(table, word) ? table[word] : undefined

/** A plain value as text; what is no plain value is the empty text. */
export const wordOf = (value: Json | undefined): string =>
  value === null || value === undefined || typeof value === 'object' ? '' : String(value)

type State = { readonly text: string; at: number; depth: number }

/** The engine nests one syntax level in several of JSON; its own limit of expression depth is 1000. */
const depthMax = 4000

/** Parses JSON of the engine. Throws on anything else: what the engine writes is not input of a submitter. */
export const parseJson = (text: string): Json => {
  const state: State = { text, at: 0, depth: 0 }
  const value = readValue(state)
  skipSpace(state)
  if (state.at !== text.length) throw new Error('text after the end of JSON')
  return value
}

const skipSpace = (state: State): void => {
  for (;;) {
    const code = state.text.charCodeAt(state.at)
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return
    state.at += 1
  }
}

const readValue = (state: State): Json => {
  skipSpace(state)
  switch (state.text.charCodeAt(state.at)) {
    case 0x7b:
      return nested(state, readObject)
    case 0x5b:
      return nested(state, readArray)
    case 0x22:
      return readString(state)
    case 0x74:
      return readWord(state, 'true', true)
    case 0x66:
      return readWord(state, 'false', false)
    case 0x6e:
      return readWord(state, 'null', null)
    default:
      return readNumber(state)
  }
}

const nested = <T>(state: State, read: (state: State) => T): T => {
  state.depth += 1
  if (state.depth > depthMax) throw new Error('JSON is nested too deeply')
  const value = read(state)
  state.depth -= 1
  return value
}

const readWord = <T>(state: State, word: string, value: T): T => {
  if (!state.text.startsWith(word, state.at)) throw new Error('JSON word expected')
  state.at += word.length
  return value
}

/** Whether the next character is this one, which is then behind. */
const accept = (state: State, code: number): boolean => {
  skipSpace(state)
  if (state.text.charCodeAt(state.at) !== code) return false
  state.at += 1
  return true
}

const expect = (state: State, code: number): void => {
  if (!accept(state, code)) throw new Error(`JSON ${String.fromCharCode(code)} expected`)
}

/**
 * Makes objects that inherit nothing, so that no key of theirs means more than what was written. The runtime keeps those
 * of `Object.create(null)` as hash tables and these as records, which are faster to read and to walk.
 */
const Bare = function () {} as unknown as new () => Record<string, Json>
Bare.prototype = Object.create(null)

const readObject = (state: State): JsonObject => {
  state.at += 1
  const object = new Bare()
  if (accept(state, 0x7d)) return object
  do {
    skipSpace(state)
    if (state.text.charCodeAt(state.at) !== 0x22) throw new Error('JSON key expected')
    const key = readString(state)
    expect(state, 0x3a)
    object[key] = readValue(state)
  } while (accept(state, 0x2c))
  expect(state, 0x7d)
  return object
}

const readArray = (state: State): readonly Json[] => {
  state.at += 1
  const list: Json[] = []
  if (accept(state, 0x5d)) return list
  do list.push(readValue(state))
  while (accept(state, 0x2c))
  expect(state, 0x5d)
  return list
}

const readString = (state: State): string => {
  const start = state.at
  let end = start + 1
  let escaped = false
  for (;;) {
    const code = state.text.charCodeAt(end)
    if (code === 0x22) break
    if (Number.isNaN(code)) throw new Error('JSON string without end')
    if (code === 0x5c) {
      escaped = true
      end += 1
    }
    end += 1
  }
  state.at = end + 1
  return escaped
    ? (JSON.parse(state.text.slice(start, end + 1)) as string)
    : state.text.slice(start + 1, end)
}

const numberPattern = /-?(?:Infinity|NaN|nan|inf|[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?)/y

const readNumber = (state: State): Json => {
  const short = readDigits(state)
  if (short !== undefined) return short
  numberPattern.lastIndex = state.at
  const token = numberPattern.exec(state.text)?.[0]
  if (token === undefined) throw new Error('JSON value expected')
  state.at += token.length
  if (!/^-?[0-9]+$/.test(token)) return new Fraction(token)
  const value = Number(token)
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? value : BigInt(token)
}

/** Nearly all numbers are places in the text: a few digits and nothing else. */
const readDigits = (state: State): number | undefined => {
  const { text, at } = state
  let value = 0
  let end = at
  let code = text.charCodeAt(end)
  while (code >= 0x30 && code <= 0x39) {
    value = 10 * value + code - 0x30
    end += 1
    code = text.charCodeAt(end)
  }
  const goesOn = code === 0x2e || code === 0x65 || code === 0x45
  if (end === at || end - at > 15 || goesOn) return undefined
  state.at = end
  return value
}
