import { textBytesMax } from '../../policies/submission.ts'
import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { refuse, type Refusal } from '../../policies/refusal.ts'
import { tooComplex } from './gate-rule.ts'
import { positionOf } from './position.ts'

/**
 * Cuts a submitted text to its one statement: a semicolon may end it, and only comments may follow. Nothing of this
 * decides what the text means: what is cut away is never parsed, what stays is parsed by the engine alone.
 */
export const statementOf = (text: string): Outcome<string> => {
  if (!text.isWellFormed() || text.includes('\0')) return refused(refuse('query/not-text'))
  const bytes = Buffer.byteLength(text, 'utf8')
  if (bytes > textBytesMax) return refused(refuse('query/too-long', { bytes, max: textBytesMax }))
  const tokens = tokensOf(text)
  const [first] = tokens
  if (first === undefined || text[first.start] === ';') return refused(refuse('query/empty'))
  const end = tokens.find(({ start }) => text[start] === ';')
  const after = tokens.find(
    ({ start }) => end !== undefined && start > end.start && text[start] !== ';',
  )
  if (after !== undefined)
    return refused(refuse('query/several-statements', {}, placeOf(text, after.start)))
  const word = text.slice(first.start, first.end).toLowerCase()
  if (!/^(?:select|with|from|values|\(|table)$/.test(word))
    return refused(
      refuse('query/not-select', { word: word.slice(0, 40) }, placeOf(text, first.start)),
    )
  const problem = tokenProblem(text, tokens)
  if (problem !== undefined) return refused(problem)
  return accepted(plainSpaces(text, tokens).slice(0, end?.start))
}

/** Brackets that close more than was opened, numbers and quotes that run into a word. */
const tokenProblem = (text: string, tokens: readonly Token[]): Refusal | undefined => {
  if (parsedSize(text, tokens) > tokensMax) return refuse('query/too-complex', tooComplex)
  let depth = 0
  for (const [position, { start, end, kind }] of tokens.entries()) {
    const next = tokens[position + 1]
    const glued = next?.start === end
    depth += text[start] === '(' ? 1 : text[start] === ')' ? -1 : 0
    if (depth < 0) return refuse('query/syntax', {}, placeOf(text, start))
    const number = kind === 'number' && next?.kind === 'word'
    const quoted = kind === 'word' && next?.kind === 'quoted' && text[end] === "'"
    if (glued && (number || quoted)) {
      const written = text.slice(start, next.end).slice(0, 40)
      return refuse('query/number', { text: written }, placeOf(text, start))
    }
  }
  return undefined
}

const otherSpace = /[\u00a0\u2000-\u200a\u3000]/
const otherSpaces = new RegExp(otherSpace, 'g')

/**
 * Spaces other than the plain one are replaced by it where they separate words, as the engine does: so its positions
 * are those of this text, and its lines and columns those of the submitted one.
 */
const plainSpaces = (text: string, tokens: readonly Token[]): string => {
  if (!otherSpace.test(text)) return text
  let plain = ''
  let at = 0
  for (const { start, end } of [...tokens, { start: text.length, end: text.length }]) {
    plain += text.slice(at, start).replaceAll(otherSpaces, ' ')
    plain += text.slice(start, end)
    at = end
  }
  return plain
}

const placeOf = (text: string, index: number): ReturnType<typeof positionOf> =>
  positionOf(text, Buffer.byteLength(text.slice(0, index), 'utf8'))

type Kind = 'quoted' | 'word' | 'number' | 'other'
type Token = { readonly start: number; readonly end: number; readonly kind: Kind }

/** 4,000 nodes take fewer. */
const tokensMax = 10_000

/** Texts, quoted names, dollar quotes and comments as the engine reads them; any other run of characters is a token. */
const tokenPattern =
  /(?<skip>[\s\u00a0\u2000-\u200a\u3000]+|--[^\n\r]*)|(?<comment>\/\*)|(?<quoted>[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*")|(?<number>(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<dollar>\$(?<tag>[\p{L}_][\p{L}\p{N}_]*)?\$)|(?<word>[\p{L}_][\p{L}\p{N}_$]*)|(?<other>[\s\S])/uy

/** The words, texts, numbers and signs of a text, without comments and spaces. */
export const tokensOf = (text: string): readonly Token[] => {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    tokenPattern.lastIndex = at
    const match = tokenPattern.exec(text)
    const groups = match?.groups ?? {}
    const start = at
    at += match?.[0].length ?? 1
    if (groups['comment'] !== undefined) at = commentEnd(text, at)
    else if (groups['dollar'] !== undefined) {
      const close = text.indexOf(groups['dollar'], at)
      at = close === -1 ? text.length : close + groups['dollar'].length
      tokens.push({ start, end: at, kind: 'quoted' })
    } else if (groups['skip'] === undefined) tokens.push({ start, end: at, kind: kindOf(groups) })
  }
  return tokens
}

type Case = { isSimple: boolean; branches: number; operand: number; rest: number; open: boolean }

/**
 * How many tokens the parser reads, counting twice what it writes twice: the operand of `CASE x WHEN` once for each
 * branch (measured: 16 of them nested, in 600 bytes, take all memory), a named window once for each OVER.
 */
const parsedSize = (text: string, tokens: readonly Token[]): number => {
  const stack: Case[] = [{ isSimple: false, branches: 1, operand: 0, rest: 0, open: false }]
  const add = (size: number): void => {
    const top = stack.at(-1)
    if (top?.open === true) top.operand += size
    else if (top !== undefined) top.rest += size
  }
  let windows = 0
  for (const [position, token] of tokens.entries()) {
    const word = token.kind === 'word' ? text.slice(token.start, token.end).toLowerCase() : ''
    const next = tokens[position + 1]
    add(1)
    if (word === 'case') {
      const isSimple =
        next !== undefined && text.slice(next.start, next.end).toLowerCase() !== 'when'
      stack.push({ isSimple, branches: 0, operand: 0, rest: 0, open: isSimple })
    }
    const top = stack.at(-1)
    if (word === 'when' && top !== undefined) {
      top.branches += 1
      top.open = false
    }
    if (word === 'end' && stack.length > 1 && top !== undefined) {
      stack.pop()
      add(top.operand * Math.max(1, top.branches) + top.rest)
    }
    if (word === 'over') windows += 1
    if (windows > windowsMax) return Number.POSITIVE_INFINITY
  }
  return stack.reduce((sum, one) => sum + one.operand * Math.max(1, one.branches) + one.rest, 0)
}

/** Most windows of a text. */
const windowsMax = 64

const kindOf = (groups: Readonly<Record<string, string | undefined>>): Kind => {
  if (groups['quoted'] !== undefined) return 'quoted'
  if (groups['word'] !== undefined) return 'word'
  return groups['number'] === undefined ? 'other' : 'number'
}

/** Block comments nest. */
const commentEnd = (text: string, from: number): number => {
  let depth = 1
  let at = from
  while (at < text.length && depth > 0) {
    if (text.startsWith('/*', at)) {
      depth += 1
      at += 2
    } else if (text.startsWith('*/', at)) {
      depth -= 1
      at += 2
    } else at += 1
  }
  return at
}
