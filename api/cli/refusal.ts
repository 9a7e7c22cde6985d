import type { Problem } from '../problem.ts'
import { printable, widthOf } from './table.ts'

export type Refused = Pick<Problem, 'code' | 'refusals'>

/** Exit codes of `sluice`; 0 is success. */
export const exits = {
  unexpected: 1,
  usage: 2,
  refused: 3,
  held: 4,
  budget: 5,
  notAllowed: 6,
  stale: 7,
  integrity: 8,
} as const

/** Which exit code a refusal has: by its room, and for the request's own form by its code. */
export const exitOf = (code: string): number => {
  const usage = ['malformed', 'too-large', 'media-type', 'method-not-allowed']
  const [room = '', name = ''] = code.split('/')
  if (code === 'access/no-server') return exits.unexpected
  if (room === 'budget') return exits.budget
  if (room === 'log' || room === 'state') return exits.integrity
  const stale = [
    'submission/conflict',
    'source/base-missing',
    'source/base-changed',
    'source/same-text',
    'access/keys-many',
    'access/last-key',
  ]
  if (stale.includes(code)) return exits.stale
  if (room === 'access') return exits.notAllowed
  if (room === 'submission' && usage.includes(name)) return exits.usage
  if (room === 'internal' || code === 'run/busy' || code === 'run/unavailable')
    return exits.unexpected
  return exits.refused
}

/** Every refusal with its code and words, the line of the text it was met in and a caret under the place, and the fix. */
export const refusalText = (refused: Refused, fixWord: string, text?: string): string =>
  refused.refusals
    .map(({ code, message, fix, at }) =>
      [
        `${code}: ${message}`,
        ...(text === undefined || at === undefined ? [] : caretLines(text, at)),
        `  ${fixWord}: ${fix}`,
      ]
        .map((line) => `${printable(line)}\n`)
        .join(''),
    )
    .join('')

const shownMax = 60

/** The offending line and a caret. Of a long line the part around the place. */
const caretLines = (
  text: string,
  at: { readonly line: number; readonly column: number },
): readonly string[] => {
  const line = text.split(/\r\n|\n|\r/)[at.line - 1]
  if (line === undefined) return []
  const characters = Array.from(line.replaceAll('\t', ' '))
  const from = Math.max(0, at.column - 1 - shownMax / 2)
  const shown = characters.slice(from, from + shownMax).join('')
  const before = widthOf(printable(characters.slice(from, at.column - 1).join('')))
  const gutter = String(at.line)
  return [
    `  ${gutter} | ${from > 0 ? '…' : ''}${shown}${from + shownMax < characters.length ? '…' : ''}`,
    `  ${' '.repeat(gutter.length)} | ${' '.repeat(before + (from > 0 ? 1 : 0))}^`,
  ]
}
