import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { builtPath } from './built.ts'

/** How large a city can be: the names that the generator knows. */
export const cityProfiles = ['ci', 'demo', 'city', 'beijing'] as const

export type CityJob = {
  /** There already; nothing of the city's is in it yet. */
  readonly folder: string
  readonly profile: string
  readonly seed: number
  readonly months?: number
  readonly tables: 'story' | 'departments'
  readonly persons?: boolean
  readonly bank?: boolean
  readonly dirty?: boolean
}
export type CityTable = { readonly dataset: string; readonly rows: number }

const cityPath = builtPath('sandbox/run/city-process.js')

/**
 * Generates a city as files in a process of its own, which ends when its standard input does, and so with this one however
 * that ends. Tells of each table when it is written.
 */
export const makeCity = async (
  job: CityJob,
  onTable: (table: CityTable) => void = () => undefined,
): Promise<readonly CityTable[]> => {
  const child = spawn(process.execPath, [cityPath, JSON.stringify(job)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const tables: CityTable[] = []
  const lines = createInterface({ input: child.stdout })
  lines.on('line', (line) => {
    const table = JSON.parse(line) as CityTable
    tables.push(table)
    onTable(table)
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`making the city ended with ${code ?? 'a signal'}`)
  return tables
}
