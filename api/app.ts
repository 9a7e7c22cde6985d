import { createHash } from 'node:crypto'
import type { HttpBindings } from '@hono/node-server'
import { Hono, type Context, type Next } from 'hono'
import { codes } from '../policies/codes.ts'
import { refused, type Outcome } from '../policies/outcome.ts'
import { refuse, type Language, type Refusal } from '../policies/refusal.ts'
import { actions, type Action } from '../policies/roles.ts'
import type { Input, Output } from '../sandbox/door.ts'
import { countAttempts, keyDigestOf, type Attempts } from './auth.ts'
import { readBody } from './body.ts'
import { readInput, waitSeconds } from './input.ts'
import type { Door } from './keeper-client.ts'
import { chooseMedia, languageOf } from './negotiate.ts'
import { openApi } from './openapi.ts'
import { checkpointMedia, routes, tileMedia } from './operations.ts'
import { problemOf } from './problem.ts'
import { representationOf } from './representation.ts'

export type AppOptions = {
  readonly door: Door
  readonly nowMs: () => number
  /** A fresh UUID: request and incident ids. */
  readonly id: () => string
  /** Told of every failure that is a bug or the machine's: whoever asked gets the incident id alone. */
  readonly report: (incident: string, error: unknown) => void
  readonly tls: boolean
}
type Env = {
  Bindings: Partial<HttpBindings>
  Variables: { requestId: string; language: Language }
}
type Asked = Context<Env>
export type App = Hono<Env>

/** All of HTTP, without a port: tests call `app.request`. */
export const createApp = (options: AppOptions): App => {
  const app = new Hono<Env>()
  const attempts = countAttempts(options.nowMs)
  app.use(async (context, next) => dress(options, context, next))
  addPublic(app, options)
  for (const action of actions) {
    const { method, path } = routes[action]
    app.on(method, honoPath(path), async (context) => answer(options, attempts, action, context))
  }
  addOtherMethods(app)
  app.notFound((context) => problem(context, [refuse('access/not-found', { thing: 'path' })]))
  app.onError((error, context) => {
    const incident = options.id()
    options.report(incident, error)
    return problem(context, [refuse('internal/failure', { incident })])
  })
  return app
}

const honoPath = (path: string): string =>
  path.replaceAll(/\{(\w+)\}/g, ':$1').replaceAll(/\{(\w+)\+\}/g, ':$1{.+}')

/** What every answer carries, good or bad. */
const dress = async (options: AppOptions, context: Asked, next: Next): Promise<void> => {
  context.set('requestId', options.id())
  context.set('language', languageOf(context.req.header('accept-language')))
  await next()
  const { headers } = context.res
  headers.set('x-request-id', context.get('requestId'))
  if (!headers.has('cache-control')) headers.set('cache-control', 'no-store')
  headers.set('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
  headers.set('cross-origin-resource-policy', 'same-origin')
  headers.set('referrer-policy', 'no-referrer')
  headers.set('x-content-type-options', 'nosniff')
  headers.append('vary', 'accept, accept-language')
  if (options.tls) headers.set('strict-transport-security', 'max-age=31536000')
}

const addPublic = (app: App, { door }: AppOptions): void => {
  const described = JSON.stringify(openApi())
  app.get('/healthz', (context) => context.json({ status: 'ok' }))
  app.get('/readyz', (context) => {
    const ready = door.ready()
    return context.json({ status: ready ? 'ready' : 'waiting' }, ready ? 200 : 503)
  })
  app.get('/openapi.json', (context) =>
    context.body(described, 200, { 'content-type': 'application/json' }),
  )
  app.get('/problems/:room/:problem', (context) => {
    const code = `${context.req.param('room')}/${context.req.param('problem')}`
    const entry = Object.entries(codes).find(([name]) => name === code)?.[1]
    if (entry === undefined) return context.notFound()
    const { status, message, fix } = entry
    const lines = [code, String(status), message.en, fix.en, message.zh, fix.zh]
    return context.text(`${lines.join('\n')}\n`)
  })
}

const addOtherMethods = (app: App): void => {
  for (const path of new Set(actions.map((action) => routes[action].path))) {
    const allowed = actions
      .filter((action) => routes[action].path === path)
      .flatMap((action) => (routes[action].method === 'GET' ? ['GET', 'HEAD'] : ['POST']))
      .join(', ')
    app.all(honoPath(path), (context) => {
      context.header('allow', allowed)
      const method = context.req.method.slice(0, 20)
      return problem(context, [refuse('submission/method-not-allowed', { method, allowed })])
    })
  }
}

/** One request of one operation: key, input, door, answer. */
const answer = async (
  options: AppOptions,
  attempts: Attempts,
  action: Action,
  context: Asked,
): Promise<Response> => {
  const keyDigest = keyDigestOf(context.req.header('authorization'))
  if (keyDigest === undefined) return problem(context, [refuse('access/unauthenticated')])
  const address = context.env?.incoming?.socket.remoteAddress ?? 'unknown'
  const seconds = attempts.waitSeconds(address, keyDigest)
  if (seconds > 0) return problem(context, [refuse('access/too-many-attempts', { seconds })])
  const outcome = await ask(options.door, action, keyDigest, context)
  const unknownKey = !outcome.ok && outcome.refusals[0]?.code === 'access/unauthenticated'
  if (unknownKey) attempts.failed(address)
  else attempts.succeeded(keyDigest)
  return outcome.ok ? present(action, outcome.value, context) : problem(context, outcome.refusals)
}

/** A malformed request is only told so to somebody with a good key: without one, all requests are answered alike. */
const ask = async (
  door: Door,
  action: Action,
  keyDigest: string,
  context: Asked,
): Promise<Outcome<Output<Action>>> => {
  const input = await inputOf(action, context)
  if (input.ok) return door.call(keyDigest, action, input.value as Input<Action>)
  const account = await door.call(keyDigest, 'account/show', {})
  return account.ok ? input : account
}

const inputOf = async (action: Action, context: Asked): Promise<Outcome<unknown>> => {
  const rule = routes[action].body
  const body = rule === undefined ? undefined : await readBody(context.req.raw, rule)
  if (body !== undefined && !body.ok) return refused(...body.refusals)
  return readInput(action, {
    path: context.req.param(),
    query: new URL(context.req.url).searchParams,
    headers: context.req.raw.headers,
    ...(body === undefined ? {} : { body: body.value }),
  })
}

const present = (action: Action, value: Output<Action>, context: Asked): Response => {
  if (action === 'result/fetch') return presentResult(value as Output<'result/fetch'>, context)
  if (action === 'log/checkpoint')
    return presentCheckpoint(value as Output<'log/checkpoint'>, context)
  if (action === 'log/tile' || action === 'log/bundle')
    return presentTile(value as Output<'log/tile'>, context)
  if (action === 'submission/create')
    return presentSubmission(value as Output<'submission/create'>, context)
  if (action === 'policy/show')
    context.header('etag', `"${(value as Output<'policy/show'>).digest}"`)
  return json(context, value, routes[action].status)
}

/** JSON ended by a line feed, for whoever reads it in a terminal. */
const json = (context: Asked, value: unknown, status: 200 | 201 | 202): Response =>
  context.body(`${JSON.stringify(value)}\n`, status, { 'content-type': 'application/json' })

/** 202 while it runs or people have it, 201 once released; what was refused or failed is a problem with its address. */
const presentSubmission = (view: Output<'submission/create'>, context: Asked): Response => {
  context.header('location', `/v1/submissions/${view.id}`)
  const seconds = waitSeconds(context.req.raw.headers)
  if (seconds !== undefined) context.header('preference-applied', `wait=${seconds}`)
  if (view.state === 'refused' || view.state === 'failed') {
    const known = view.refusals.length > 0 ? view.refusals : [refuse('run/not-released')]
    return problem(context, known, view.id)
  }
  if (view.state === 'running') context.header('retry-after', '1')
  return json(context, view, view.state === 'released' ? 201 : 202)
}

/** The note as it is signed, unless JSON is wanted more. */
const presentCheckpoint = (value: Output<'log/checkpoint'>, context: Asked): Response => {
  const { note, json: whole } = checkpointMedia
  const media = chooseMedia(context.req.header('accept'), [note, whole])
  if (media === whole) return json(context, value, 200)
  return context.body(value.checkpoint, 200, { 'content-type': `${note}; charset=utf-8` })
}

/**
 * A tile never changes: whoever asked for it may keep it, a full one for good, one that others take the place of for a
 * day. It was given to the holder of a key: caches that others share do not keep it.
 */
const presentTile = (value: Output<'log/tile'>, context: Asked): Response => {
  const seconds = value.isFull ? 31_536_000 : 86_400
  context.header('cache-control', `private, max-age=${seconds}, immutable`)
  const { bytes, json: encoded } = tileMedia
  if (chooseMedia(context.req.header('accept'), [bytes, encoded]) === encoded)
    return json(context, value, 200)
  const body = new Uint8Array(Buffer.from(value.base64, 'base64'))
  return context.body(body, 200, { 'content-type': bytes })
}

const presentResult = (release: Output<'result/fetch'>, context: Asked): Response => {
  const { media, bytes } = representationOf(context.req.header('accept'), release)
  const digest = createHash('sha256').update(bytes).digest('base64')
  context.header('repr-digest', `sha-256=:${digest}:`)
  context.header('content-type', media)
  return context.body(bytes)
}

const problem = (context: Asked, refusals: readonly Refusal[], submission?: string): Response => {
  const about = { requestId: context.get('requestId'), ...(submission && { submission }) }
  const document = problemOf(refusals, context.get('language'), about)
  const seconds = refusals[0]?.params['seconds']
  if (seconds !== undefined) context.header('retry-after', String(seconds))
  if (document.status === 401) context.header('www-authenticate', 'Bearer realm="sluice"')
  context.header('content-language', context.get('language'))
  context.header('content-type', 'application/problem+json')
  return context.body(`${JSON.stringify(document)}\n`, document.status as 400)
}
