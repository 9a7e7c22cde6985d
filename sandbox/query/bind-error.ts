import { writtenName } from '../../policies/relation/functions.ts'
import { tooComplex, type Problem } from './gate-rule.ts'
import { isObject, type Json, wordOf } from './json.ts'

/**
 * A binding error in our own words. The engine's text is only looked at to sort it, never passed on: it suggests names
 * of the catalogue and prints constants. A column that is hidden and one that does not exist are the same error here,
 * because a stub holds exactly the visible columns.
 */
export const bindProblem = (error: Json, offset: number): Problem => {
  if (!isObject(error)) throw new Error('the engine gave neither a plan nor an error')
  const position = error['position'] === undefined ? Number.NaN : Number(error['position'])
  const at = Number.isInteger(position) && position >= offset ? { at: position - offset } : {}
  const name = wordOf(error['name']).slice(0, 100)
  const message = wordOf(error['error_message'])
  const subtype = wordOf(error['error_subtype'])
  const kind = wordOf(error['type'])
  if (error['error_type'] === 'memory' || /depth limit|grouping set count/.test(message))
    return { code: 'query/too-complex', params: tooComplex, ...at }
  if (error['error_type'] === 'parser') return { code: 'query/syntax', ...at }
  if (subtype === 'COLUMN_NOT_FOUND')
    return { code: 'query/unknown-column', params: { name }, ...at }
  if (subtype === 'NO_MATCHING_FUNCTION')
    return { code: 'query/argument-types', params: { name: writtenName(name) }, ...at }
  if (subtype === 'MISSING_ENTRY')
    return {
      code: /Function/.test(kind) ? 'query/function' : 'query/unknown-table',
      params: { name },
      ...at,
    }
  const found = sorted.find(([pattern]) => pattern.test(message))
  if (found === undefined) return { code: 'query/binding', ...at }
  return { code: found[1], params: { name: aliasIn(message) }, ...at }
}

/** The quoted name in the engine's words is one the submitter wrote. */
const aliasIn = (message: string): string =>
  (/column named "([^"]{1,100})"/.exec(message) ?? /"([^"]{1,100})"/.exec(message))?.[1] ?? ''

const sorted: readonly (readonly [RegExp, Problem['code']])[] = [
  [/does not have a column named/, 'query/unknown-column'],
  [/^Referenced table .* not found/, 'query/unknown-alias'],
  [/^Ambiguous reference/, 'query/ambiguous-column'],
  [/must appear in the GROUP BY clause/, 'query/not-grouped'],
  [/non-inner join on subquery/, 'query/subquery-in-join'],
  [
    /cannot contain (?:aggregates|window)|aggregate function calls cannot|window functions? (?:are not allowed|calls cannot)|clause cannot contain/i,
    'query/misplaced-aggregate',
  ],
]
