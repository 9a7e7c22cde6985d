import { expect, onTestFinished, test } from 'vitest'
import { testFolder } from '../support/folder.ts'
import { expectKnown, expectOurs } from '../support/ours.ts'
import { seededBytes } from '../support/seeded.ts'
import { csvTarget, jsonLinesTarget, parquetTarget, workbookTarget } from './fuzz/files.ts'
import { checkerTarget, childTarget, keeperTarget, logTarget } from './fuzz/messages.ts'
import { mutateText } from './fuzz/mutate.ts'
import type { Target } from './fuzz/target.ts'
import { httpTarget, sqlTarget, yamlTarget } from './fuzz/texts.ts'

/*
 * Whatever reads what others wrote is given inputs that were changed at random: good and bad ones of the cases, cut,
 * repeated and mixed. A value comes of each, or a refusal in our own words, soon and in little memory.
 */
const prove = process.env['SLUICE_PROVE'] !== undefined
const seed = process.env['SLUICE_SEED'] ?? '1'
const folder = testFolder()

const targets: Readonly<Record<string, () => Target | Promise<Target>>> = {
  'texts of SQL': sqlTarget,
  'YAML documents': yamlTarget,
  'bodies and queries of HTTP': httpTarget,
  'CSV files': () => csvTarget(folder),
  'files of JSON lines': () => jsonLinesTarget(folder),
  workbooks: () => workbookTarget(folder),
  'Parquet files': () => parquetTarget(folder),
  'messages to a checker': checkerTarget,
  'messages to the keeper': keeperTarget,
  'messages of broken children': childTarget,
  'exported logs': logTarget,
}

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
const heldMb = (): number => process.memoryUsage().rss / 2 ** 20

test.each(Object.entries(targets))(
  `%s give a value or a refusal in our own words (seed ${seed})`,
  async (name, open) => {
    const target = await open()
    onTestFinished(async () => target.close?.())
    const bytes = seededBytes(`fuzz ${name} ${seed}`)
    const below = (bound: number): number => Buffer.from(bytes(6)).readUIntLE(0, 6) % bound
    const startMb = heldMb()
    const tries = target.tries[prove ? 1 : 0]
    for (let count = 0; count < tries; count += 1) {
      const startMs = cpuMs()
      await target.attempt(below)
      expect(cpuMs() - startMs, `try ${count}`).toBeLessThan(5000)
    }
    expect(heldMb() - startMb).toBeLessThan(600)
    if (prove) process.stdout.write(`fuzz: ${name}: ${tries} tries, seed ${seed}\n`)
  },
  prove ? 3_600_000 : 60_000,
)

test.each([
  ['of no catalogue', [{ code: 'query/nonsense', params: {} }]],
  ['that quotes the engine', [{ code: 'query/function', params: { name: 'Binder Error: x' } }]],
  ['that is none', []],
])('a refusal %s would be seen', (_, refusals) => {
  expect(() => expectKnown(refusals as never)).toThrow()
})

test('a name that the submitter did not write would be seen in a refusal', () => {
  const refusal = { code: 'query/unknown-column', params: { name: 'SECRET 91350100' } } as const
  expect(() => expectOurs([refusal], 'select x from tax')).toThrow()
  expectOurs([refusal], 'select "SECRET 91350100" from tax')
})

test('changed inputs are others, and the same seed makes the same', () => {
  const made = (name: string): string => {
    const bytes = seededBytes(name)
    const below = (bound: number): number => Buffer.from(bytes(6)).readUIntLE(0, 6) % bound
    const more = { other: 'from tax', words: ['where'] }
    const texts = Array.from({ length: 200 }, () => mutateText('select 1', below, more))
    expect(new Set(texts).size).toBeGreaterThan(150)
    return texts.join()
  }
  expect(made('one')).toBe(made('one'))
  expect(made('one')).not.toBe(made('two'))
})
