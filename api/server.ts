import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, Server as TlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { accepted, refused, type Outcome } from '../policies/outcome.ts'
import { refuse } from '../policies/refusal.ts'
import type { App } from './app.ts'
import {
  isOwnersAlone,
  readCertificate,
  watchCertificate,
  type CertificatePaths,
} from './certificate.ts'

export type Listening = {
  readonly host: string
  readonly port: number
  /** Read anew when they change. */
  readonly tls?: CertificatePaths
  /** How often it is looked whether they have; 10 seconds when absent. */
  readonly certificateMs?: number
  /** Lines for the operator's eyes. */
  readonly tell?: (line: string) => void
}
export type Served = { readonly url: string; readonly stop: () => Promise<void> }

/** Against slow or endless senders (slowloris); a stuck sender loses its connection, not the server. */
const limits = {
  maxHeaderSize: 16_384,
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 5000,
}
const connectionsMax = 512
const requestsPerSocketMax = 1000
const graceMs = 30_000

/** Serves the app until `stop`. Refuses plain HTTP on any but a loopback address: keys travel in every request. */
export const serveApp = async (app: App, listening: Listening): Promise<Outcome<Served>> => {
  const host = listening.host === 'localhost' ? '127.0.0.1' : listening.host
  if (listening.tls === undefined && !isLoopback(host))
    return refused(refuse('access/plain-http', { host: host.slice(0, 100) }))
  const keyPath = listening.tls?.keyPath
  if (keyPath !== undefined && !isOwnersAlone(keyPath))
    return refused(refuse('access/key-file', { path: keyPath.slice(0, 300) }))
  const server = createLimited(app, listening)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(listening.port, host, () => resolve())
  })
  const { port } = server.address() as AddressInfo
  const scheme = listening.tls === undefined ? 'http' : 'https'
  const url = `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`
  const watching = watch(server, listening)
  const stop = async (): Promise<void> => {
    watching?.stop()
    await stopServer(server)
  }
  return accepted({ url, stop })
}

/** New connections get the certificate that is in the files then; those that are open keep theirs. */
const watch = (
  server: Server,
  { tls, certificateMs = 10_000, tell = () => undefined }: Listening,
): ReturnType<typeof watchCertificate> | undefined =>
  tls === undefined || !(server instanceof TlsServer)
    ? undefined
    : watchCertificate(tls, {
        everyMs: certificateMs,
        onCertificate: (certificate) => server.setSecureContext(certificate),
        tell,
      })

const isLoopback = (host: string): boolean => /^127(\.\d{1,3}){3}$/.test(host) || host === '::1'

const createLimited = (app: App, { tls }: Listening): Server => {
  const listen = getRequestListener(app.fetch, { overrideGlobalObjects: false })
  // What the listener throws it has answered already.
  const listener = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    void listen(incoming, outgoing)
  }
  const server =
    tls === undefined
      ? createServer(limits, listener)
      : createTlsServer(
          {
            ...limits,
            ...readCertificate(tls),
          },
          listener,
        )
  server.maxConnections = connectionsMax
  server.maxRequestsPerSocket = requestsPerSocketMax
  return server
}

/** Takes no new connections, lets what is being answered finish, and cuts the rest off after half a minute. */
const stopServer = async (server: Server): Promise<void> => {
  const timer = setTimeout(() => server.closeAllConnections(), graceMs)
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
  })
  clearTimeout(timer)
}
