import { createHash } from 'node:crypto'
import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import { refuse, type Language, type Refusal } from '../policies/refusal.ts'
import type { Action } from '../policies/roles.ts'
import type { Output, SubmissionView } from '../sandbox/door.ts'
import { budgetHeader } from './budget-header.ts'
import { waitSeconds } from './input.ts'
import { chooseMedia } from './negotiate.ts'
import { checkpointMedia, routes, tileMedia, watchMedia } from './operations.ts'
import { problemOf } from './problem.ts'
import { representationOf } from './representation.ts'

export type Env = {
  Bindings: Partial<HttpBindings>
  Variables: { requestId: string; language: Language }
}
/** A request on its way to an answer. */
export type Asked = Context<Env>

/** An operation's value as HTTP sends it. */
export const present = (action: Action, value: Output<Action>, context: Asked): Response => {
  if (action === 'result/fetch') return presentResult(value as Output<'result/fetch'>, context)
  if (action === 'log/checkpoint')
    return presentCheckpoint(value as Output<'log/checkpoint'>, context)
  if (action === 'log/tile' || action === 'log/bundle')
    return presentTile(value as Output<'log/tile'>, context)
  if (action === 'submission/create')
    return presentSubmission(value as Output<'submission/create'>, context)
  if (action === 'submission/show')
    presentBudget(context, (value as Output<'submission/show'>).budget)
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
  presentBudget(context, view.budget)
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

/** The privacy that an answer cost, where it cost any. */
const presentBudget = (context: Asked, budget: SubmissionView['budget']): void => {
  if (budget !== undefined) context.header('privacy-budget', budgetHeader(budget))
}

/** 204 tells whoever asks again by itself that nothing more will come. */
export const presentStream = (context: Asked, stream: ReadableStream | undefined): Response =>
  stream === undefined
    ? context.body(null, 204)
    : context.body(stream, 200, { 'content-type': watchMedia.events })

const presentResult = (release: Output<'result/fetch'>, context: Asked): Response => {
  presentBudget(context, release.budget)
  const { media, bytes } = representationOf(context.req.header('accept'), release)
  const digest = createHash('sha256').update(bytes).digest('base64')
  context.header('repr-digest', `sha-256=:${digest}:`)
  context.header('content-type', media)
  return context.body(bytes)
}

/** Refusals as one problem document; `submission` where one was made all the same. */
export const problem = (
  context: Asked,
  refusals: readonly Refusal[],
  submission?: string,
): Response => {
  const about = { requestId: context.get('requestId'), ...(submission && { submission }) }
  const document = problemOf(refusals, context.get('language'), about)
  const seconds = refusals[0]?.params['seconds']
  if (seconds !== undefined) context.header('retry-after', String(seconds))
  if (document.status === 401) context.header('www-authenticate', 'Bearer realm="sluice"')
  context.header('content-language', context.get('language'))
  context.header('content-type', 'application/problem+json')
  return context.body(`${JSON.stringify(document)}\n`, document.status as 400)
}
