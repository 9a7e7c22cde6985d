/** Draws a whole number below a bound. */
export type Below = (bound: number) => number

const pick = <T>(below: Below, list: readonly T[]): T => list[below(list.length)]!

const numbers = [
  '0',
  '-1',
  '1e999',
  '-0',
  '2147483648',
  '9223372036854775808',
  '0x1F',
  '1e-400',
  'NaN',
]
const marks = [
  '\0',
  '\ud800',
  '\uFEFF',
  '\r',
  '\n',
  '"',
  "'",
  '`',
  '\\',
  ';',
  '--',
  '/*',
  '$1',
  '\u202e',
  '\u0301',
  '🏭',
]

type Change = (text: string, below: Below, more: More) => string
type More = { readonly other: string; readonly words: readonly string[] }

const stretch = (text: string, below: Below): readonly [number, number] => {
  const start = below(text.length + 1)
  return [start, Math.min(text.length, start + below(1 + Math.min(40, text.length)))]
}
const insert = (text: string, below: Below, piece: string): string => {
  const at = below(text.length + 1)
  return text.slice(0, at) + piece + text.slice(at)
}

/** Ways to make a text another one: cut, repeated, moved, with a word or a mark more, with a piece of another text. */
const changes: readonly Change[] = [
  (text, below) => {
    const [from, to] = stretch(text, below)
    return text.slice(0, from) + text.slice(to)
  },
  (text, below) => {
    const [from, to] = stretch(text, below)
    return text.slice(0, to) + text.slice(from, to).repeat(pick(below, [1, 2, 50])) + text.slice(to)
  },
  (text, below) => {
    const [from, to] = stretch(text, below)
    return insert(text.slice(0, from) + text.slice(to), below, text.slice(from, to))
  },
  (text, below, { words }) => insert(text, below, ` ${pick(below, words)} `),
  (text, below) => insert(text, below, pick(below, marks)),
  (text, below) => text.replace(/\d+/, () => pick(below, numbers)),
  (text, below, { other }) => {
    const [from, to] = stretch(other, below)
    return insert(text, below, other.slice(from, to))
  },
  (text, below, { other }) =>
    text.slice(0, below(text.length + 1)) + other.slice(below(other.length + 1)),
  (text, below) => {
    const at = below(text.length + 1)
    return text.slice(0, at) + String.fromCharCode(below(65_536)) + text.slice(at + 1)
  },
]

/** A text changed one to four times. */
export const mutateText = (text: string, below: Below, more: More): string => {
  let changed = text
  for (let times = 1 + below(4); times > 0; times -= 1)
    changed = pick(below, changes)(changed, below, more)
  return changed.slice(0, 200_000)
}

/** Bytes changed one to four times: flipped, cut, repeated, overwritten by zeros or by others. */
export const mutateBytes = (bytes: Buffer, below: Below, other: Buffer): Buffer => {
  let changed = Buffer.from(bytes)
  for (let times = 1 + below(4); times > 0; times -= 1) {
    const at = below(changed.length + 1)
    const length = below(1 + Math.min(64, changed.length - at))
    const [before, piece, after] = [
      changed.subarray(0, at),
      changed.subarray(at, at + length),
      changed.subarray(at + length),
    ]
    const from = below(other.length + 1)
    changed = Buffer.concat(
      pick(below, [
        [before, after],
        [before, piece, piece, after],
        [before, Buffer.alloc(length), after],
        [before, Buffer.from(piece.map((byte) => byte ^ (1 << below(8)))), after],
        [before, other.subarray(from, from + length), after],
        [before, Buffer.from([0xff, 0xff, 0xff, 0x7f]), after],
        [before],
      ]),
    )
  }
  return changed
}

const odd: readonly unknown[] = [
  null,
  undefined,
  true,
  -1,
  0,
  1e308,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2 ** 53,
  '',
  '\0',
  '\ud800',
  'x'.repeat(70_000),
  '__proto__',
  'constructor',
  [],
  {},
  [[[[[[]]]]]],
  new Uint8Array(3),
  new Date(0),
  10n ** 40n,
  new Map([['a', 1]]),
]

/** A message with one to three of its parts gone, doubled, put elsewhere or made odd. Its own parts stay as they are. */
export const mutateValue = (value: unknown, below: Below): unknown => {
  let changed = structuredClone(value)
  for (let times = 1 + below(3); times > 0; times -= 1) changed = changeOne(changed, below)
  return changed
}

const changeOne = (value: unknown, below: Below): unknown => {
  if (below(6) === 0 || typeof value !== 'object' || value === null) return pick(below, odd)
  if (Array.isArray(value)) return changeList(value as unknown[], below)
  const names = Object.keys(value)
  const name = pick(below, names)
  const record = value as Record<string, unknown>
  if (names.length === 0 || below(8) === 0) return { ...record, more: pick(below, odd) }
  if (below(8) === 0)
    return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name))
  if (below(8) === 0) return { ...record, [name]: record[pick(below, names)] }
  return { ...record, [name]: changeOne(record[name], below) }
}

const changeList = (list: readonly unknown[], below: Below): unknown => {
  if (list.length === 0 || below(6) === 0) return [...list, pick(below, odd)]
  const at = below(list.length)
  if (below(6) === 0) return list.toSpliced(at, 1)
  if (below(6) === 0) return [...list, ...list]
  return list.with(at, changeOne(list[at], below))
}
