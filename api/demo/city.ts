import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageFolder } from '../built.ts'

/** Datasets of the story in the order in which they are registered. */
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
