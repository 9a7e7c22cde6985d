import * as z from 'zod'
import { accepted, refused, type Outcome } from '../policies/outcome.ts'
import { refuse, type Refusal } from '../policies/refusal.ts'
import type { Action } from '../policies/roles.ts'
import { operations } from '../sandbox/door.ts'
import { pathFields, routes } from './operations.ts'

/** What of a request may become an input, as it was sent. */
export type Sent = {
  readonly path: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly headers: Headers
  readonly body?: Uint8Array
}
type Fields = Record<string, unknown>

const waitSecondsMax = 60
const refusalsMax = 20

const malformed = (where: string, problem: string): Refusal =>
  refuse('submission/malformed', { where: where.slice(0, 100), problem: problem.slice(0, 200) })

/** Puts together what the door takes from path, query, headers and body, and parses it. Refuses all problems at once. */
export const readInput = (action: Action, sent: Sent): Outcome<unknown> => {
  const query = readQuery(action, sent.query)
  const body = readFields(action, sent.body)
  if (!query.ok || !body.ok)
    return refused(...(query.ok ? [] : query.refusals), ...(body.ok ? [] : body.refusals))
  const path = numbered(action, sent.path)
  const input = { ...body.value, ...query.value, ...path, ...readHeaders(action, sent.headers) }
  const parsed = operations[action].input.safeParse(input)
  if (parsed.success) return accepted(parsed.data)
  return refused(...parsed.error.issues.slice(0, refusalsMax).map(refusalOfIssue))
}

/** Paths and query strings hold text: digits become a number where the door takes one; zod refuses what else is wrong. */
const numbered = (action: Action, texts: Readonly<Record<string, string>>): Fields => {
  const numbers = integerFields(action)
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [
      name,
      numbers.has(name) && /^\d{1,15}$/.test(text) ? Number(text) : text,
    ]),
  )
}

const integers = new Map<Action, ReadonlySet<string>>()
const integerFields = (action: Action): ReadonlySet<string> => {
  const known = integers.get(action)
  if (known !== undefined) return known
  const { properties = {} } = z.toJSONSchema(operations[action].input, { io: 'input' })
  const names = Object.entries(properties)
    .filter(([, schema]) => typeof schema === 'object' && schema.type === 'integer')
    .map(([name]) => name)
  const found = new Set(names)
  integers.set(action, found)
  return found
}

const readQuery = (action: Action, query: URLSearchParams): Outcome<Fields> => {
  const names = [...query.keys()].slice(0, refusalsMax)
  if (routes[action].method !== 'GET' && names.length > 0)
    return refused(...names.map((name) => malformed(name, 'this operation takes no query string')))
  const repeated = new Set(names.filter((name) => query.getAll(name).length > 1))
  const misplaced = names.filter((name) => !queryFields(action).has(name))
  const wrong = [
    ...[...repeated].map((name) => malformed(name, 'is given twice')),
    ...misplaced.map((name) => malformed(name, 'is no parameter of this operation')),
  ]
  return wrong.length > 0
    ? refused(...wrong)
    : accepted(numbered(action, Object.fromEntries(query)))
}

/** Input fields that a query string may set: not those of the path, nor those a header sets. */
export const queryFields = (action: Action): ReadonlySet<string> => {
  if (routes[action].method !== 'GET') return new Set()
  const elsewhere = [...pathFields(routes[action]), 'waitMs', 'idempotencyKey', 'base']
  const names = Object.keys(operations[action].input.shape)
  return new Set(names.filter((name) => !elsewhere.includes(name)))
}

const readFields = (action: Action, body: Uint8Array | undefined): Outcome<Fields> => {
  const rule = routes[action].body
  if (rule === undefined || body === undefined) return accepted({})
  const text = decode(body)
  if (text === undefined) return refused(malformed('body', 'is not valid UTF-8'))
  const value = rule.media === 'application/json' ? parseJson(text) : text
  if (value === undefined) return refused(malformed('body', 'is not valid JSON'))
  if (rule.field !== undefined) return accepted({ [rule.field]: value })
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refused(malformed('body', 'is not a JSON object'))
  const misplaced = pathFields(routes[action]).filter((name) => Object.hasOwn(value, name))
  if (misplaced.length === 0) return accepted({ ...value })
  return refused(...misplaced.map((name) => malformed(name, 'stands in the path already')))
}

const decode = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

const readHeaders = (action: Action, headers: Headers): Fields => {
  const taken = routes[action].headers ?? []
  const seconds = taken.includes('prefer') ? waitSeconds(headers) : undefined
  const key = taken.includes('idempotency-key') ? headers.get('idempotency-key') : null
  const match = taken.includes('if-match') ? headers.get('if-match') : null
  const last = taken.includes('last-event-id') ? headers.get('last-event-id') : null
  return {
    ...(seconds === undefined ? {} : { waitMs: seconds * 1000 }),
    // The header is a quoted string (RFC 9651) in the draft and a bare one in most clients.
    ...(key === null ? {} : { idempotencyKey: key.replace(/^"([^"\\]*)"$/, '$1') }),
    ...(last === null || last === ''
      ? {}
      : { after: /^\d{1,15}$/.test(last) ? Number(last) : last }),
    ...(match === null ? {} : { base: match.replace(/^"([^"\\]*)"$/, '$1') }),
  }
}

/** Seconds of `Prefer: wait=N`, at most 60; undefined where it is absent or unreadable, as RFC 7240 wants. */
export const waitSeconds = (headers: Headers): number | undefined => {
  const digits = /(?:^|[,;])\s*wait\s*=\s*(\d{1,6})\s*(?:$|[,;])/i.exec(headers.get('prefer') ?? '')
  return digits === null ? undefined : Math.min(Number(digits[1]), waitSecondsMax)
}

/** An issue in the house's words. It names fields and expectations, and repeats none of the values sent. */
const refusalOfIssue = (issue: z.core.$ZodIssue): Refusal => {
  const where = issue.path.map(String).join('.') || 'input'
  if (issue.code === 'unrecognized_keys')
    return malformed(where, `unknown field ${issue.keys.slice(0, 5).join(', ')}`)
  if (issue.code === 'invalid_type')
    return malformed(where, `a value of type ${issue.expected} is needed here`)
  return malformed(where, `${issue.message.charAt(0).toLowerCase()}${issue.message.slice(1)}`)
}
