import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** In the order in which they are registered. */
const datasets = [
  'districts',
  'industries',
  'ent_registry',
  'tax_declaration',
  'tax_rating',
  'si_contribution',
  'court_case',
] as const

/** The texts of the city's documents, as an operator would submit them: YAML for `policies/document.ts`. */
export type CityDocuments = {
  readonly datasets: readonly {
    readonly dataset: (typeof datasets)[number]
    readonly text: string
  }[]
  readonly policy: string
  readonly agreement: string
}

/** The compiler copies no YAML, so they are read where they stand in the package, from the sources and from `dist` alike. */
export const cityDocuments = (): CityDocuments => {
  const folder = join(packageFolder(import.meta.dirname), 'connectors', 'city', 'documents')
  const read = (name: string): string => readFileSync(join(folder, `${name}.yaml`), 'utf8')
  return {
    datasets: datasets.map((dataset) => ({ dataset, text: read(dataset) })),
    policy: read('policy-enterprise-credit'),
    agreement: read('agreement-bank-a'),
  }
}

const packageFolder = (from: string): string => {
  if (existsSync(join(from, 'package.json'))) return from
  const above = dirname(from)
  if (above === from) throw new Error('this file stands in no package')
  return packageFolder(above)
}
