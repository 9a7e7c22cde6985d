import { expect, onTestFinished, test } from 'vitest'
import { testFolder } from '../support/folder.ts'
import { seededBytes } from '../support/seeded.ts'
import { csvTarget, jsonLinesTarget, parquetTarget, workbookTarget } from './fuzz/files.ts'
import { checkerTarget, childTarget, keeperTarget, logTarget } from './fuzz/messages.ts'
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
