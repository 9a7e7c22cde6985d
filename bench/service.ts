import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClient, type Client } from '../api/client.ts'
import { createPrinter } from '../api/demo/printer.ts'
import { need, openStage } from '../api/demo/stage.ts'
import type { Submission } from '../policies/submission.ts'
import type { Row } from './table.ts'

/** A query of 2 KB, as an analyst's tool would write one. */
const wide = `select r.grade, ${Array.from(
  { length: 12 },
  (_, index) =>
    `count(*) filter (where t.late_days > ${index} and t.is_zero = false) as late_${index},
     avg(case when t.taxable_sales > ${(index + 1) * 1000} then t.tax_paid else 0 end) as paid_${index}`,
).join(', ')} from tax_rating r join tax_declaration t on t.uscc = r.uscc group by r.grade`

const submission: Submission = {
  kind: 'query',
  agreement: 'bank-a',
  door: 'noise',
  sql: wide,
}

/** Checks through the API of a served domain: how long one takes, how many a second, and what the processes hold. */
export const benchService = async (): Promise<readonly Row[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'))
  const home = join(folder, 'home')
  const key = await prepare(folder)
  const server = spawn(
    process.execPath,
    [
      fileURLToPath(new URL('../api/cli/main.js', import.meta.url)),
      'serve',
      '--home',
      home,
      '--port',
      '0',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  try {
    const client = createClient({ url: await urlOf(server), key, language: 'en' })
    return await measure(client, server)
  } finally {
    server.kill('SIGINT')
    await new Promise((resolve) => server.once('exit', resolve))
    rmSync(folder, { recursive: true })
  }
}

const prepare = async (folder: string): Promise<string> => {
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

const checksMax = 1000

const measure = async (client: Client, server: ChildProcess): Promise<Row[]> => {
  const check = async (): Promise<number> => {
    const start = performance.now()
    const answer = need(await client.call('submission/check', submission), 'check')
    if (!answer.accepted) throw new Error(JSON.stringify(answer.refusals))
    return performance.now() - start
  }
  for (let turn = 0; turn < 50; turn += 1) await check()
  const times: number[] = []
  for (let turn = 0; turn < 300; turn += 1) times.push(await check())
  times.sort((a, b) => a - b)
  const start = performance.now()
  let begun = 0
  const worker = async (): Promise<void> => {
    while (begun < checksMax) {
      begun += 1
      await check()
    }
  }
  const before = cpuMs(server.pid ?? 0)
  await Promise.all(Array.from({ length: 8 }, worker))
  const perSecond = (checksMax / (performance.now() - start)) * 1000
  const used = cpuMs(server.pid ?? 0)
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? 0
  const note = `${Buffer.byteLength(wide)} bytes of SQL`
  return [
    { name: 'check through the API, p50', value: at(0.5), unit: 'ms', target: '<= 8', note },
    { name: 'check through the API, p99', value: at(0.99), unit: 'ms', target: '<= 30', note },
    { name: 'checks through the API', value: perSecond, unit: '/s', target: '>= 200', note },
    ...Object.entries(limits).map(([name]) => ({
      name: `${name}, time of a processor a check`,
      value: ((used[name] ?? 0) - (before[name] ?? 0)) / checksMax,
      unit: 'ms',
      target: '',
      note: 'all threads, under that load',
    })),
    ...memory(server.pid ?? 0),
  ]
}

const limits: Record<string, string> = { api: '<= 300', keeper: '<= 300', checker: '<= 256' }

/** Time of a processor that the server and its descendants have taken so far, by what they are. */
const cpuMs = (pid: number): Record<string, number> => {
  const sums: Record<string, number> = {}
  for (const each of [pid, ...descendants(pid)]) {
    // Fields 14 and 15 (user and system) in ticks of 10 ms; the name before them may hold spaces: proc(5).
    const fields = read(each, 'stat')
      .replace(/^.*\) /, '')
      .split(' ')
    sums[nameOf(each)] = (sums[nameOf(each)] ?? 0) + 10 * (Number(fields[11]) + Number(fields[12]))
  }
  return sums
}

/** Greatest resident memory so far of the server and its descendants, by what they are. */
const memory = (pid: number): Row[] => {
  const all = [pid, ...descendants(pid)].map((each) => ({ name: nameOf(each), mb: peakOf(each) }))
  return Object.entries(limits).map(([name, target]) => ({
    name: `${name}, most memory`,
    value: Math.max(0, ...all.filter((each) => each.name === name).map(({ mb }) => mb)),
    unit: 'MB',
    target,
    note: 'resident, under that load',
  }))
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
const peakOf = (pid: number): number =>
  Number(/^VmHWM:\s+(\d+)/m.exec(read(pid, 'status'))?.[1] ?? 0) / 1024
const nameOf = (pid: number): string => {
  const command = read(pid, 'cmdline')
  if (command.includes('keeper.js')) return 'keeper'
  return /(\w+)-process\.js/.exec(command)?.[1] ?? 'api'
}
