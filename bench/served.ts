import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createPrinter } from '../api/demo/printer.ts'
import { openStage } from '../api/demo/stage.ts'

/** A domain with the generated city, served by processes of its own, and the key of a bank's analyst. */
export type ServedHome = { readonly url: string; readonly key: string; readonly pid: number }

/** Serves a fresh domain for as long as `work` takes. */
export const withServedHome = async <T>(work: (served: ServedHome) => Promise<T>): Promise<T> => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'))
  const key = await prepareCity(folder)
  const entry = fileURLToPath(new URL('../api/cli/main.js', import.meta.url))
  const words = [
    entry,
    'serve',
    '--home',
    join(folder, 'home'),
    '--port',
    '0',
    '--rate',
    '1000000000',
  ]
  const server = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'pipe'] })
  try {
    return await work({ url: await urlOf(server), key, pid: server.pid ?? 0 })
  } finally {
    server.kill('SIGINT')
    await new Promise((resolve) => server.once('exit', resolve))
    rmSync(folder, { recursive: true })
  }
}

/** Makes a home with the generated city in a folder, as the demo does; answers the key of a bank's analyst. */
export const prepareCity = async (folder: string): Promise<string> => {
  const quiet = createPrinter(
    'en',
    () => undefined,
    () => Date.now(),
  )
  const stage = await openStage(
    { folder, profile: 'ci', seed: 1, port: 0, language: 'en', tell: () => undefined },
    quiet,
  )
  await stage.stop()
  return readFileSync(join(stage.keysFolder, 'bank.key'), 'utf8').trim()
}

const urlOf = (server: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let said = ''
    server.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const url = /https?:\/\/\S+/.exec(said)?.[0]
      if (url !== undefined) resolve(url)
    })
    server.once('exit', () => reject(new Error(said)))
  })

/** What the server and its descendants are. */
export type Part = 'api' | 'keeper' | 'checker' | 'runner'
export type Use = {
  readonly name: Part
  /** Time of a processor so far, of all threads. */
  readonly cpuMs: number
  /** Greatest resident memory so far. */
  readonly mostMb: number
}

/** What each process of a served domain has used so far, as the system counts it. */
export const usesOf = (pid: number): readonly Use[] =>
  [pid, ...descendants(pid)].map((each) => {
    const status = read(each, 'status')
    return {
      name: nameOf(each),
      cpuMs: cpuMsOf(each),
      mostMb: Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024,
    }
  })

/** Time of a processor that all processes of one kind have taken, in milliseconds. */
export const cpuMsIn = (uses: readonly Use[], part: Part): number =>
  uses.filter(({ name }) => name === part).reduce((sum, { cpuMs }) => sum + cpuMs, 0)

/** Fields 14 and 15, user and system, in ticks of 10 ms; the name in brackets before them may hold spaces: proc(5). */
const cpuMsOf = (pid: number): number => {
  const fields = read(pid, 'stat')
    .replace(/^.*\) /s, '')
    .split(' ')
  return 10 * (Number(fields[11] ?? 0) + Number(fields[12] ?? 0))
}

const descendants = (pid: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((child) => parentOf(child) === pid)
    .flatMap((child) => [child, ...descendants(child)])

const read = (pid: number, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
const parentOf = (pid: number): number => Number(/^PPid:\s+(\d+)/m.exec(read(pid, 'status'))?.[1])
const nameOf = (pid: number): Part => {
  const command = read(pid, 'cmdline')
  if (command.includes('keeper.js')) return 'keeper'
  if (command.includes('checker-process.js')) return 'checker'
  return command.includes('runner-process.js') ? 'runner' : 'api'
}
