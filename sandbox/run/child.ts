import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, sep } from 'node:path'
import type { Readable } from 'node:stream'

/** What the system grants a child beyond its limits. Found once at start and told to the operator. */
export type Isolation = {
  /** The child has a network namespace of its own, without an interface. */
  readonly network: boolean
  /** The child can gain no privileges and dies with its parent. */
  readonly privileges: boolean
}

export type ChildLimits = {
  /** Most address space (`ulimit -v`): what the engine's memory limit does not cover ends here. */
  readonly addressSpaceMb: number
  /** Most JavaScript heap. */
  readonly heapMb: number
}

export type Child = {
  readonly pid: number | undefined
  /** False once the channel is gone. */
  readonly send: (message: object) => boolean
  readonly onMessage: (listen: (message: unknown) => void) => void
  /** How the child ended; never rejects. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>
  /** SIGKILL: measured 7 to 35 ms, where an interrupt can wait 15 s inside one heavy expression. */
  readonly kill: () => void
  /** Last bytes of its standard error. For the domain's own operator: it never crosses the keeper. */
  readonly complaint: () => string
}

const complaintBytesMax = 8192

/** Tries once, with `true`, which of the two isolations this system grants. */
export const probeIsolation = (): Isolation => ({
  network: succeeds([...networkWords(), 'true']),
  privileges: succeeds([...privilegeWords, 'true']),
})

const networkWords = (): string[] =>
  process.getuid?.() === 0 ? ['unshare', '--net'] : ['unshare', '--map-root-user', '--net']
const privilegeWords = ['setpriv', '--no-new-privs', '--pdeathsig', 'KILL']
const searchPath = '/usr/sbin:/usr/bin:/sbin:/bin'

const succeeds = ([command = '', ...words]: string[]): boolean =>
  spawnSync(command, words, { env: { PATH: searchPath }, stdio: 'ignore', timeout: 5000 })
    .status === 0

/**
 * What a checker runs without. The compiler that optimises most takes longer over it than it saves within the texts that
 * one checker reads (measured: 8 % of a processor over the first 700, nothing over 5,000), and what reads hostile text has
 * a compiler fewer. It asks its engine one thing at a time, so a second thread for that would only find cold caches.
 */
const withoutIn: Readonly<
  Record<string, { readonly words: readonly string[]; readonly env: Readonly<NodeJS.ProcessEnv> }>
> = { 'checker-process': { words: ['--no-turbofan'], env: { UV_THREADPOOL_SIZE: '1' } } }

/**
 * Starts a built entry (`checker-process`) with limits, an empty environment and the runtime's own channel
 * (structured clones). The shell and its helpers replace themselves, so the pid is the child's own.
 */
export const startChild = (entry: string, limits: ChildLimits, isolation: Isolation): Child => {
  const words = [
    ...(isolation.network ? networkWords() : []),
    ...(isolation.privileges ? privilegeWords : []),
    process.execPath,
    `--max-old-space-size=${limits.heapMb}`,
    '--disable-wasm-trap-handler',
    ...(withoutIn[entry]?.words ?? []),
    entryPath(entry),
  ]
  const child = spawn(
    '/bin/sh',
    [
      '-c',
      `ulimit -c 0; ulimit -v ${limits.addressSpaceMb * 1024} || exit 1; exec "$0" "$@"`,
      ...words,
    ],
    {
      env: { PATH: searchPath, TZ: 'UTC', LANG: 'C.UTF-8', ...withoutIn[entry]?.env },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'advanced',
    },
  )
  return childOf(child, tailOf(child.stderr))
}

const childOf = (child: ChildProcess, complaint: () => string): Child => ({
  pid: child.pid,
  send: (message) => {
    if (!child.connected) return false
    child.send(message, () => undefined)
    return true
  },
  onMessage: (listen) => void child.on('message', listen),
  exited: new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    child.once('error', () => resolve({ code: null, signal: null }))
  }),
  kill: () => void child.kill('SIGKILL'),
  complaint,
})

/** Keeps the end of a stream and lets the rest go. */
const tailOf = (stream: Readable | null): (() => string) => {
  let tail = Buffer.alloc(0)
  stream?.on('data', (chunk: Buffer) => {
    tail = Buffer.concat([tail, chunk]).subarray(-complaintBytesMax)
  })
  return () => tail.toString('utf8')
}

/** Children always start from the build, also when the caller itself runs from its source in a test. */
const entryPath = (entry: string): string => {
  const here = import.meta.dirname
  const built = here.includes(`${sep}dist${sep}`) ? here : join(here, '../../dist/sandbox/run')
  const path = join(built, `${entry}.js`)
  if (!existsSync(path)) throw new Error(`no built entry \`${entry}\`: run the build first`)
  return path
}
