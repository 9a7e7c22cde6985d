import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { builtPath, packageFolder } from '../built.ts'

/** Datasets of the generated city in the order in which they are registered. */
export const cityDatasets = [
  'districts',
  'industries',
  'ent_registry',
  'tax_declaration',
  'tax_rating',
  'si_contribution',
  'court_case',
] as const

/** The text of one of the city's documents (YAML): they stand beside the sources, `tsc` copies none of them. */
export const cityDocument = (name: string): string =>
  readFileSync(join(packageFolder(), 'connectors', 'city', 'documents', `${name}.yaml`), 'utf8')

const cityPath = builtPath('sandbox/run/city-process.js')

/** Generates the city as CSV files, a dataset each, in a process of its own; answers the number of all rows. */
export const makeCity = async (folder: string, profile: string, seed: number): Promise<number> => {
  const child = spawn(process.execPath, [cityPath, folder, profile, String(seed)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let rows = 0
  const lines = createInterface({ input: child.stdout })
  lines.on('line', (line) => {
    const said = JSON.parse(line) as { readonly rows?: number }
    rows += said.rows ?? 0
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`making the city ended with ${code ?? 'a signal'}`)
  return rows
}
