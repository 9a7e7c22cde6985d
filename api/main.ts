import { randomUUID } from 'node:crypto'
import { accepted, type Outcome } from '../policies/outcome.ts'
import { createApp } from './app.ts'
import { builtPath } from './built.ts'
import { openDoor, type KeeperExit } from './keeper-client.ts'
import { serveApp, type Listening, type Served } from './server.ts'

export type ServeOptions = Listening & {
  /** Requests a minute of one key; 6000 when absent. */
  readonly requestsPerMinute?: number
  /** Names under which something else ends TLS and passes requests on to this machine. */
  readonly names?: readonly string[]
  readonly home: string
  /** Lines for the operator's eyes: incidents, the keeper's end and restart. */
  readonly tell: (line: string) => void
  readonly keeperPath?: string
}

/** The keeper's program. */
export const keeperPath = builtPath('sandbox/keeper.js')

/** Composition root: starts the keeper of a home and serves it over HTTP until `stop`. */
export const serve = async (options: ServeOptions): Promise<Outcome<Served>> => {
  const nowMs = (): number => Date.now()
  const door = await openDoor({
    home: options.home,
    keeperPath: options.keeperPath ?? keeperPath,
    nowMs,
    onExit: (exit) => options.tell(exitLine(exit)),
  })
  if (!door.ok) return door
  const closing = new AbortController()
  const app = createApp({
    closing: closing.signal,
    door: door.value,
    nowMs,
    id: randomUUID,
    report: (incident, error) => options.tell(incidentLine(incident, error)),
    tls: options.tls !== undefined,
    ...(options.requestsPerMinute && { requestsPerMinute: options.requestsPerMinute }),
    ...(options.names && { names: options.names }),
  })
  const stopDoor = door.value.stop
  const served = await serveApp(app, options).catch(async (error: unknown) => {
    await stopDoor()
    throw error
  })
  if (!served.ok) {
    await stopDoor()
    return served
  }
  const stop = async (): Promise<void> => {
    closing.abort()
    await served.value.stop()
    await stopDoor()
  }
  return accepted({ url: served.value.url, stop })
}

const exitLine = ({ code, refusals, againMs }: KeeperExit): string => {
  const why = refusals.map((refusal) => refusal.code).join(', ')
  return againMs === undefined
    ? `the keeper refuses to serve: ${why}`
    : `the keeper ended (${code ?? 'killed'}), next start in ${againMs} ms`
}

/** Where it failed and what kind of error it was; never its message, which may quote what somebody sent. */
const incidentLine = (incident: string, error: unknown): string => {
  if (!(error instanceof Error)) return `incident ${incident}: ${typeof error}`
  const places = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return [`incident ${incident}: ${error.name}`, ...places.slice(0, 8)].join('\n')
}
