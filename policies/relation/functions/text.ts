import { call, literal } from '../build.ts'
import { type Expr } from '../expression.ts'
import { BIGINT, VARCHAR } from '../type.ts'
import type { ScalarFunction } from './entry.ts'
import { integerOf, moderate, one, textOf } from './guard.ts'

/**
 * Longest text a question can make, in characters. Texts that are put together are cut there: by doubling, sixty
 * steps would otherwise make any text of any size.
 */
const charactersMax = 512
const argumentsMax = 16
const patternMax = 256
/** Wildcards of a LIKE pattern: each may try every place of the text. */
const wildcardsMax = 8

const bytesOf = (text: string): number => new TextEncoder().encode(text).length

const cut = (expr: Expr): Expr =>
  call('left', [expr, literal(String(charactersMax), BIGINT)], VARCHAR)

const joined = (name: string, takes: string): ScalarFunction => ({
  name,
  takes: [takes],
  problem: (args) => (args.length > argumentsMax ? 'growth' : undefined),
  total: (args, type) => cut(call(name, args, type)),
})

const plain = (name: string, ...takes: readonly string[]): ScalarFunction => ({
  name,
  takes,
  total: (args, type) => call(name, args, type),
})

const sliced = (name: string, ...takes: readonly string[]): ScalarFunction => ({
  name,
  takes,
  total: ([text, ...positions], type) =>
    call(name, [text as Expr, ...positions.map(moderate)], type),
})

/** What replaces is a constant and not longer than what it replaces, so the text does not grow. */
const replacement = (args: readonly Expr[]): 'growth' | 'argument' | undefined => {
  const [from, to] = [textOf(args[1]), textOf(args[2])]
  if (from === undefined || to === undefined || from === '') return 'argument'
  return bytesOf(to) > bytesOf(from) ? 'growth' : undefined
}

const padding = (args: readonly Expr[]): 'growth' | 'argument' | undefined => {
  const width = integerOf(args[1])
  if (width === undefined || (textOf(args[2]) ?? '') === '') return 'argument'
  return width > charactersMax ? 'growth' : undefined
}

const translation = (args: readonly Expr[]): 'argument' | undefined =>
  textOf(args[1]) === undefined || textOf(args[2]) === undefined ? 'argument' : undefined

const likePattern = (args: readonly Expr[]): 'argument' | undefined => {
  const pattern = textOf(args[1])
  if (pattern === undefined || pattern.length > patternMax) return 'argument'
  if (args[2] !== undefined && textOf(args[2])?.length !== 1) return 'argument'
  return (pattern.match(/%/g)?.length ?? 0) > wildcardsMax ? 'argument' : undefined
}

const like = (name: string, takes: string): ScalarFunction => ({
  name,
  takes: [takes],
  literals: [1, 2],
  problem: likePattern,
  total: (args, type) => call(name, args, type),
})

/** The engine's regular expressions take time linear in the text (RE2); the pattern is compiled when it is bound. */
const pattern = (args: readonly Expr[]): 'argument' | undefined => {
  const text = textOf(args[1])
  if (text === undefined || text.length > patternMax) return 'argument'
  if (args[2] === undefined) return undefined
  const group = integerOf(args[2])
  return group === undefined || group < 0 || group > 9 ? 'argument' : undefined
}

const regular = (name: string, ...takes: readonly string[]): ScalarFunction => ({
  name,
  takes,
  literals: [1, 2],
  problem: pattern,
  total: (args, type) => call(name, args, type),
})

const trimmed = (args: readonly Expr[]): 'argument' | undefined =>
  args.length === 2 && textOf(args[1]) === undefined ? 'argument' : undefined

export const texts: readonly ScalarFunction[] = [
  plain('lower', 'text'),
  plain('upper', 'text'),
  plain('reverse', 'text'),
  plain('length', 'text'),
  plain('strlen', 'text'),
  plain('strpos', 'text text'),
  plain('contains', 'text text'),
  plain('starts_with', 'text text'),
  plain('ends_with', 'text text'),
  ...['trim', 'ltrim', 'rtrim'].map((name): ScalarFunction => ({
    ...plain(name, 'text', 'text text'),
    problem: trimmed,
  })),
  sliced('left', 'text integer'),
  sliced('right', 'text integer'),
  sliced('substring', 'text integer', 'text integer integer'),
  joined('||', 'text text'),
  joined('concat', 'text ...'),
  {
    ...joined('concat_ws', 'text ...'),
    problem: (args) => {
      if (args.length > argumentsMax) return 'growth'
      const separator = textOf(one(args))
      return separator === undefined || separator.length > 16 ? 'argument' : undefined
    },
  },
  ...['lpad', 'rpad'].map((name): ScalarFunction => ({
    ...plain(name, 'text integer text'),
    literals: [1, 2],
    problem: padding,
  })),
  { ...plain('replace', 'text text text'), literals: [1, 2], problem: replacement },
  { ...plain('translate', 'text text text'), literals: [1, 2], problem: translation },
  ...['~~', '!~~', '~~*', '!~~*'].map((name) => like(name, 'text text')),
  ...['like_escape', 'not_like_escape', 'ilike_escape', 'not_ilike_escape'].map((name) =>
    like(name, 'text text text'),
  ),
  regular('regexp_matches', 'text text'),
  regular('regexp_full_match', 'text text'),
  regular('regexp_extract', 'text text', 'text text integer'),
]
