import { refuse, type Language } from '../policies/refusal.ts'
import type { Action } from '../policies/roles.ts'
import { operations, type Input, type Output } from '../sandbox/door.ts'
import { queryFields } from './input.ts'
import { pathFields, resultMedia, routes } from './operations.ts'
import { problemOf, problemSchema, type Problem } from './problem.ts'

/** What a server answers: a value, or the problem document that says why there is none. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem }
export type Client = {
  readonly call: <A extends Action>(action: A, input: Input<A>) => Promise<Answer<Output<A>>>
  /** A released result as it is sent: the digested JSON, or CSV. */
  readonly resultText: (id: string, media: 'json' | 'csv') => Promise<Answer<string>>
}
export type ClientOptions = {
  /** Where the server is, without a path. */
  readonly url: string
  /** `sk_...`; without it the server answers 401. */
  readonly key?: string
  readonly language?: Language
  readonly fetch?: typeof fetch
}

/**
 * A client of every operation, typed by `sandbox/door.ts`. Where nothing listens the answer is `access/no-server`; it
 * throws where something else than Sluice answers, and where a connection ends half-way: the work may be under way.
 */
export const createClient = (options: ClientOptions): Client => {
  const send = async (action: Action, input: Fields, accept: string): Promise<Answer<string>> => {
    const request = requestOf(action, input)
    const asked = (options.fetch ?? fetch)(new URL(request.path, options.url), {
      method: routes[action].method,
      headers: {
        accept: `${accept}, application/problem+json;q=0.1`,
        'accept-language': options.language ?? 'en',
        ...(options.key === undefined ? {} : { authorization: `Bearer ${options.key}` }),
        ...request.headers,
      },
      // A redirect would carry the question, and on some paths the key, to another place.
      redirect: 'error',
      ...(request.body === undefined ? {} : { body: request.body }),
    })
    const response = await asked.catch(noServer)
    if (response === undefined) {
      const refusal = refuse('access/no-server', { url: options.url.slice(0, 300) })
      const about = { requestId: 'local' }
      return { ok: false, problem: problemOf([refusal], options.language ?? 'en', about) }
    }
    const text = await response.text()
    if (response.ok) return { ok: true, value: text }
    return { ok: false, problem: readProblem(response, text) }
  }
  return {
    call: async (action, input) => {
      const accept = action === 'result/fetch' ? resultMedia.release : resultMedia.json
      const answer = await send(action, input, accept)
      if (!answer.ok) return answer
      const value = operations[action].output.parse(JSON.parse(answer.value))
      return { ok: true, value: value as Output<typeof action> }
    },
    resultText: async (id, media) => send('result/fetch', { id }, resultMedia[media]),
  }
}

/** Undefined where nothing was reached; whatever else went wrong is thrown. */
const noServer = (error: unknown): undefined => {
  const cause = error instanceof Error ? error.cause : undefined
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (code !== 'ECONNREFUSED' && code !== 'ENOTFOUND' && code !== 'EAI_AGAIN') throw error
}

type Fields = Readonly<Record<string, unknown>>
type Sent = { path: string; headers: Record<string, string>; body?: string }

const readProblem = (response: Response, text: string): Problem => {
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json')
  if (isProblem !== true) throw new Error(`no Sluice answers there: status ${response.status}`)
  return problemSchema.parse(JSON.parse(text))
}

/** The way back of `input.ts`: fields of an input to path, query string, headers and body. */
const requestOf = (action: Action, input: Fields): Sent => {
  const route = routes[action]
  const inPath = pathFields(route)
  const path = inPath.reduce(
    (path, name) =>
      path
        .replace(`{${name}}`, encodeURIComponent(String(input[name])))
        .replace(`{${name}+}`, encodeURI(String(input[name]))),
    route.path,
  )
  const query = new URLSearchParams(
    [...queryFields(action)]
      .filter((name) => input[name] !== undefined)
      .map((name): [string, string] => [name, String(input[name])]),
  )
  const sent = {
    path: query.size === 0 ? path : `${path}?${query.toString()}`,
    headers: headersOf(input),
  }
  if (route.body === undefined) return sent
  const { field, media } = route.body
  const rest = Object.entries(input).filter(([name]) => !inPath.includes(name))
  const value = field === undefined ? Object.fromEntries(rest) : input[field]
  return {
    ...sent,
    headers: { ...sent.headers, 'content-type': media },
    body: media === 'application/yaml' ? String(value) : JSON.stringify(value),
  }
}

const headersOf = ({ waitMs, idempotencyKey, base }: Fields): Record<string, string> => ({
  ...(Number(waitMs ?? 0) > 0 ? { prefer: `wait=${Math.ceil(Number(waitMs) / 1000)}` } : {}),
  ...(typeof base === 'string' ? { 'if-match': `"${base}"` } : {}),
  ...(typeof idempotencyKey === 'string' ? { 'idempotency-key': `"${idempotencyKey}"` } : {}),
})
