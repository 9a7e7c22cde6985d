import { expect } from 'vitest'
import { codes } from '../../policies/codes.ts'
import { wordsOf, type Refusal } from '../../policies/refusal.ts'
import { townContext, townTables } from './town.ts'

/** In a refusal stand our own words, names of the catalogue the submitter may see, and pieces of the text. */
const known = new Set([
  ...townTables.flatMap(({ dataset, columns }) => [dataset, ...columns.map(({ name }) => name)]),
  ...Object.values(townContext.datasets).flatMap(({ entities }) =>
    entities.map(({ kind }) => kind),
  ),
])

/** As the submitter wrote it, also where a quote in quotes was doubled. */
const isTheirs = (value: string, text: string): boolean =>
  [text, text.replaceAll("''", "'"), text.replaceAll('""', '"')].some((written) =>
    written.toLowerCase().includes(value.toLowerCase().replace('__postfix', '')),
  )

const isOurs = (value: string | number, text: string): boolean =>
  typeof value === 'number' ||
  value === '' ||
  /^[A-Z_]+(?:\.[a-z_]+)?$/.test(value) ||
  // Types of SQL: `DECIMAL(18,2)`, `TIMESTAMP WITH TIME ZONE`.
  /^[A-Z ]+(?:\(\d+(?:,\d+)?\))?(?:\[\])*$/.test(value) ||
  isTheirs(value, text) ||
  value.split('`, `').every((part) => part.split('.').every((name) => known.has(name))) ||
  /^[a-z_]{1,40}$/.test(value)

/** Every refusal of a text about the town is one of the catalogue and says nothing but our words and the submitter's. */
export const expectOurs = (refusals: readonly Refusal[], text: string): void => {
  for (const refusal of refusals)
    for (const [name, value] of Object.entries(refusal.params))
      expect(isOurs(value, text), `${refusal.code} ${name}=${value} :: ${text}`).toBe(true)
  expectKnown(refusals)
}

/** Words of an engine's message that no refusal has. */
export const engineWords =
  /(?:Binder|Parser|Catalog|Conversion|Invalid|Internal) Error|LINE \d|Candidate/

/** Every refusal is one of the catalogue, with all its parameters, and without a word of the engine's. */
export const expectKnown = (refusals: readonly Refusal[]): void => {
  expect(refusals.length).toBeGreaterThan(0)
  for (const refusal of refusals) {
    expect(Object.keys(codes)).toContain(refusal.code)
    for (const language of ['en', 'zh'] as const) {
      const { message } = wordsOf(refusal, language)
      expect(message).not.toMatch(engineWords)
      expect(message).not.toMatch(/\{\w+\}/)
    }
  }
}
