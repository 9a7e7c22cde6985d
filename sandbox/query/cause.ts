import type { Problem } from './gate-rule.ts'
import { tokensOf } from './text.ts'

/** Words that alone can be the cause of a refusal, where neither the parse nor the bound plan says where it stands. */
const words: Partial<Record<Problem['code'], RegExp>> = {
  'query/nested-value': /^\[$/,
  'query/window-frame': /^(?:rows|range|groups)$/,
  'query/show': /^(?:show|describe|summarize)$/,
  'query/sample': /^(?:sample|tablesample)$/,
  'query/recursive': /^recursive$/,
  'query/set-operation': /^(?:except|intersect)$/,
  'query/distinct-on': /^distinct$/,
  'query/too-many-groupings': /^(?:cube|rollup|grouping)$/,
  'query/limit': /^limit$/,
  'query/not-in': /^(?:in|all|any|some)$/,
}

/** A subquery begins with a bracket. */
const subqueries = new Set<Problem['code']>(['query/scalar-subquery', 'query/subquery-in-join'])
const functions = new Set<Problem['code']>(['query/function-arguments', 'query/unsupported'])

/**
 * The byte offset of a problem's cause in the text, where the only word that can be it stands there. Of several nobody
 * knows which: none is named.
 */
export const causeOf = ({ code, params }: Problem, text: string): number | undefined => {
  const tokens = tokensOf(text).filter(({ kind }) => kind !== 'quoted')
  const wordAt = (index: number): string =>
    text.slice(tokens[index]?.start, tokens[index]?.end).toLowerCase()
  const name = String(params?.['name'] ?? params?.['what'] ?? '').toLowerCase()
  const isCause = (index: number): boolean => {
    if (subqueries.has(code)) return wordAt(index) === '(' && wordAt(index + 1) === 'select'
    if (functions.has(code)) return wordAt(index) === name.replace(/^operator_/, '')
    return words[code]?.test(wordAt(index)) ?? false
  }
  const found = [...tokens.keys()].filter((index) => index < tokens.length && isCause(index))
  const [only, more] = found
  if (only === undefined || more !== undefined) return undefined
  return Buffer.byteLength(text.slice(0, tokens[only]?.start), 'utf8')
}
