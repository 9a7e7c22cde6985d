import { Hono, type Next } from 'hono'
import { codes } from '../policies/codes.ts'
import { refused, type Outcome } from '../policies/outcome.ts'
import { refuse } from '../policies/refusal.ts'
import { actions, type Action } from '../policies/roles.ts'
import type { Input, Output } from '../sandbox/door.ts'
import { openAdmission, type Admission } from './admission.ts'
import { readBody } from './body.ts'
import { openStreams, type Streams } from './events.ts'
import { follow } from './follow.ts'
import { isMeantHere } from './hosts.ts'
import { readInput } from './input.ts'
import type { Door } from './keeper-client.ts'
import { countAnswers, type Counts } from './metrics.ts'
import { chooseMedia, languageOf } from './negotiate.ts'
import { openApi } from './openapi.ts'
import { routes, watchMedia } from './operations.ts'
import { present, problem, type Asked, type Env } from './present.ts'

export type AppOptions = {
  readonly door: Door
  readonly nowMs: () => number
  /** A fresh UUID: request and incident ids. */
  readonly id: () => string
  /** Told of every failure that is a bug or the machine's: whoever asked gets the incident id alone. */
  readonly report: (incident: string, error: unknown) => void
  readonly tls: boolean
  /** Requests a minute of one key; 6000 when absent. */
  readonly requestsPerMinute?: number
  /** Ends streams of events, when the server is about to stop. */
  readonly closing?: AbortSignal
  /** Names that plain HTTP answers to beside those of loopback. */
  readonly names?: readonly string[]
}
export type App = Hono<Env>

/** All of HTTP, without a port: tests call `app.request`. */
export const createApp = (options: AppOptions): App => {
  const app = new Hono<Env>()
  const admission = openAdmission(options.nowMs, options.requestsPerMinute)
  const answers = countAnswers()
  const streams = openStreams(options.nowMs, options.closing)
  app.use(async (context, next) => dress(options, context, next))
  if (!options.tls) app.use(async (context, next) => keepHome(options, context, next))
  addPublic(app, options)
  addMetrics(app, options, admission, answers)
  for (const action of actions) {
    const { method, path } = routes[action]
    app.on(method, honoPath(path), async (context) => {
      const response = await answer({ ...options, admission, streams }, action, context)
      answers.add(action, response.status)
      return response
    })
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

const keepHome = async (
  { names = [] }: AppOptions,
  context: Asked,
  next: Next,
): Promise<Response | undefined> => {
  if (!isMeantHere(context.req.url, names)) return problem(context, [refuse('access/host')])
  await next()
  return undefined
}

/** For whoever may ask for the domain's status, and nobody else. */
const addMetrics = (
  app: App,
  { door }: AppOptions,
  admission: Admission,
  answers: Counts,
): void => {
  app.get('/metrics', async (context) => {
    const admitted = admit(admission, context)
    if ('refusal' in admitted) return problem(context, [admitted.refusal])
    const status = await door.call(admitted.keyDigest, 'domain/status', {})
    admission.settle(admitted, status)
    if (!status.ok) return problem(context, status.refusals)
    context.header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
    return context.body(answers.text(status.value))
  })
}

const addPublic = (app: App, { door }: AppOptions): void => {
  let described: string | undefined
  app.get('/healthz', (context) => context.json({ status: 'ok' }))
  app.get('/readyz', (context) => {
    const ready = door.ready()
    return context.json({ status: ready ? 'ready' : 'waiting' }, ready ? 200 : 503)
  })
  app.get('/openapi.json', (context) =>
    context.body((described ??= JSON.stringify(openApi())), 200, {
      'content-type': 'application/json',
    }),
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

type Serving = {
  readonly door: Door
  readonly admission: Admission
  readonly streams: Streams
}

/** One request of one operation: key, input, door, answer. */
const answer = async (
  { door, admission, streams }: Serving,
  action: Action,
  context: Asked,
): Promise<Response> => {
  const admitted = admit(admission, context)
  if ('refusal' in admitted) return problem(context, [admitted.refusal])
  const outcome = await ask(door, action, admitted.keyDigest, context)
  admission.settle(admitted, outcome)
  if (!outcome.ok) return problem(context, outcome.refusals)
  const { json, events } = watchMedia
  const accept = context.req.header('accept')
  if (action !== 'submission/watch' || chooseMedia(accept, [json, events]) === json)
    return present(action, outcome.value, context)
  return follow(
    { door, streams },
    admitted.keyDigest,
    outcome.value as Output<'submission/watch'>,
    context,
  )
}

const admit = (admission: Admission, context: Asked): ReturnType<Admission['admit']> => {
  const address = context.env?.incoming?.socket.remoteAddress ?? 'unknown'
  const admitted = admission.admit(context.req.header('authorization'), address)
  for (const [name, value] of admitted.headers) context.header(name, value)
  return admitted
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
