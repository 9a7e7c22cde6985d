import { textBytesMax } from '../../policies/submission.ts'
import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { refuse } from '../../policies/refusal.ts'
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
  return accepted(end === undefined ? text : text.slice(0, end.start))
}

const placeOf = (text: string, index: number): ReturnType<typeof positionOf> =>
  positionOf(text, Buffer.byteLength(text.slice(0, index), 'utf8'))

type Token = { readonly start: number; readonly end: number }

/** Texts, quoted names, dollar quotes and comments as the engine reads them; any other run of characters is a token. */
const tokenPattern =
  /(?<skip>[\s\u00a0\u3000]+|--[^\n\r]*)|(?<comment>\/\*)|(?<quoted>[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*")|(?<dollar>\$(?<tag>[\p{L}_][\p{L}\p{N}_]*)?\$)|(?<word>[\p{L}_][\p{L}\p{N}_$]*)|(?<other>[\s\S])/uy

const tokensOf = (text: string): readonly Token[] => {
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
      tokens.push({ start, end: at })
    } else if (groups['skip'] === undefined) tokens.push({ start, end: at })
  }
  return tokens
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
