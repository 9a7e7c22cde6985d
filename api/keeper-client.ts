import { fork, type ChildProcess } from 'node:child_process'
import { accepted, refused, type Outcome } from '../policies/outcome.ts'
import { refuse, type Refusal } from '../policies/refusal.ts'
import { noticeSchema, type Notice, type SuiteName } from '../sandbox/door.ts'
import { openCalls, type CallLimits, type Calls } from './calls.ts'

/** The domain as this process knows it: whose key (its SHA-256), what, and the input; an outcome comes back. */
export type Door = Pick<Calls, 'call'> & {
  /** Whether the keeper is up and answers. */
  readonly ready: () => boolean
}
/** How a keeper ended. It is started again after `againMs`; without it, never: it refuses to serve. */
export type KeeperExit = {
  readonly code: number | null
  readonly refusals: readonly Refusal[]
  readonly againMs?: number
}
export type KeeperOptions = {
  readonly home: string
  readonly keeperPath: string
  readonly nowMs: () => number
  readonly onExit?: (exit: KeeperExit) => void
  readonly limits?: CallLimits
  /** Waits before the first, second, ... restart in a row; the last one repeats. */
  readonly backoffMs?: readonly number[]
}

const backoffMs = [250, 1000, 4000, 16_000, 60_000]
/** A keeper that served this long was well: the next restart comes quickly again. */
const wellMs = 60_000
const stopMs = 30_000
const bootMs = 60_000

/** Starts the keeper of a home and answers once it serves; refuses with the keeper's reasons where it will not. */
export const openDoor = async (
  options: KeeperOptions,
): Promise<Outcome<Door & { readonly stop: () => Promise<void> }>> => {
  let current: Keeper | undefined
  let stopping = false
  let failures = 0
  let timer: NodeJS.Timeout | undefined
  const calls = openCalls((request) => {
    if (current === undefined) calls.abandon(1)
    else current.child.send(request)
  }, options.limits)

  const start = async (): Promise<Notice | undefined> => {
    const keeper = await startKeeper(options, [])
    if (keeper.notice?.kind !== 'ready') return keeper.notice
    if (stopping) {
      await stopKeeper(keeper.child)
      return undefined
    }
    const readyMs = options.nowMs()
    current = keeper
    listen(keeper.child, calls)
    keeper.child.once('exit', (code) => {
      current = undefined
      if (options.nowMs() - readyMs > wellMs) failures = 0
      if (!stopping) again(code)
      calls.abandon(1)
    })
    return keeper.notice
  }
  const again = (code: number | null): void => {
    const waits = options.backoffMs ?? backoffMs
    const againMs = waits[Math.min(failures, waits.length - 1)] ?? 0
    failures += 1
    options.onExit?.({ code, refusals: [], againMs })
    const restart = async (): Promise<void> => {
      const notice = await start()
      if (notice?.kind === 'refused') options.onExit?.({ code: null, refusals: notice.refusals })
      else if (notice === undefined && !stopping) again(null)
    }
    timer = setTimeout(() => void restart(), againMs)
  }

  const first = await start()
  if (first?.kind === 'refused') return refused(...first.refusals)
  if (current === undefined) return refused(refuse('run/unavailable', { seconds: 5 }))
  const stop = async (): Promise<void> => {
    stopping = true
    clearTimeout(timer)
    if (current !== undefined) await stopKeeper(current.child)
    calls.abandon(5)
  }
  return accepted({ call: calls.call, ready: () => current !== undefined && !stopping, stop })
}

/** Makes a home for a new domain. The administrator's key is in the answer and nowhere else. */
export const initialiseHome = async (
  options: Pick<KeeperOptions, 'home' | 'keeperPath'> & {
    readonly suite?: SuiteName
    readonly settingsFile?: string
  },
): Promise<Outcome<Extract<Notice, { kind: 'initialised' }>>> => {
  const { child, notice } = await startKeeper(options, [
    'init',
    options.suite ?? 'intl',
    ...(options.settingsFile === undefined ? [] : [options.settingsFile]),
  ])
  if (notice?.kind === 'initialised') {
    await ended(child)
    return accepted(notice)
  }
  return refused(
    ...(notice?.kind === 'refused' ? notice.refusals : [refuse('run/unavailable', { seconds: 5 })]),
  )
}

/** The two keys are for a home whose settings say that its domain key is kept by the environment. */
const passedOn = ['PATH', 'TZ', 'LANG', 'SLUICE_DOMAIN_KEY', 'SLUICE_DOMAIN_KEY_PREVIOUS']

/**
 * Young objects of a question are few. The runtime's own size for them took half of the keeper's memory under load, and
 * this one no more time of a processor (measured: 175 for 225 MB).
 */
const runtimeWords = ['--enable-source-maps', '--max-semi-space-size=16']

type Keeper = { readonly child: ChildProcess; readonly notice: Notice | undefined }

/**
 * A process group of its own, so that Ctrl-C reaches this process alone, which then stops the keeper in order. The
 * environment is cut down to what the keeper reads: a user's key is none of its business.
 */
const startKeeper = async (
  { home, keeperPath }: Pick<KeeperOptions, 'home' | 'keeperPath'>,
  more: readonly string[],
): Promise<Keeper> => {
  const env = Object.fromEntries(
    passedOn.flatMap((name) => {
      const value = process.env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
  const child = fork(keeperPath, [home, ...more], {
    serialization: 'advanced',
    stdio: ['ignore', 2, 2, 'ipc'],
    execArgv: runtimeWords,
    detached: true,
    env,
  })
  const notice = await new Promise<Notice | undefined>((resolve) => {
    const timer = setTimeout(() => resolve(undefined), bootMs)
    const settle = (message: unknown): void => {
      clearTimeout(timer)
      resolve(noticeSchema.safeParse(message).data)
    }
    child.once('message', settle)
    child.once('exit', () => settle(undefined))
    child.once('error', () => settle(undefined))
  })
  if (notice === undefined) child.kill('SIGKILL')
  if (notice?.kind === 'refused' && child.connected) child.disconnect()
  return { child, notice }
}

const listen = (child: ChildProcess, calls: Calls): void => {
  child.on('message', (message) => {
    try {
      calls.take(message)
    } catch {
      child.kill('SIGKILL')
    }
  })
  // A message to a keeper that just died: its exit answers whoever waits.
  child.on('error', () => undefined)
}

const stopKeeper = async (child: ChildProcess): Promise<void> => {
  const timer = setTimeout(() => child.kill('SIGKILL'), stopMs)
  child.send({ kind: 'stop' })
  await ended(child)
  clearTimeout(timer)
}

const ended = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  await new Promise<void>((resolve) => child.once('exit', () => resolve()))
}
