import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { builtPath } from '../api/built.ts'
import { watchProcess } from './process.ts'
import type { Row } from './table.ts'

type Targets = { readonly seconds: number; readonly megabytes: number }

/** Writes a city whole, with its bank, in a process of its own: how long that takes, and its most memory (VmHWM). */
export const benchCity = async (profile: string, targets: Targets): Promise<readonly Row[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'))
  try {
    const start = performance.now()
    const { rows, megabytes, cpuSeconds } = await make({
      folder,
      profile,
      seed: 20_260_101,
      tables: 'departments',
      bank: true,
    })
    const seconds = (performance.now() - start) / 1000
    const note = `${(rows / 1e6).toFixed(1)} M rows, ${(sizeOf(folder) / 1e6).toFixed(0)} MB of files; ${cpuSeconds.toFixed(0)} s of CPU`
    return [
      {
        name: `${profile}, written`,
        value: seconds,
        unit: 's',
        target: `<= ${targets.seconds}`,
        note,
      },
      {
        name: `${profile}, peak memory`,
        value: megabytes,
        unit: 'MB',
        target: `<= ${targets.megabytes}`,
        note: 'two threads',
      },
    ]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

type Made = { readonly rows: number; readonly megabytes: number; readonly cpuSeconds: number }
const make = async (job: object): Promise<Made> => {
  const child = spawn(
    process.execPath,
    [builtPath('sandbox/run/city-process.js'), JSON.stringify(job)],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  )
  const watch = watchProcess(child.pid ?? 0)
  let said = ''
  child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  const { megabytes, cpuSeconds } = watch.end()
  if (code !== 0) throw new Error('the city was not made')
  const tables = said.trim().split('\n')
  const rows = tables.reduce((sum, line) => sum + (JSON.parse(line) as { rows: number }).rows, 0)
  return { rows, megabytes, cpuSeconds }
}

const sizeOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => statSync(join(folder, name)))
    .reduce((sum, stat) => sum + (stat.isFile() ? stat.size : 0), 0)
