import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { sweepHome } from '../../../sandbox/domain/home.ts'
import { probeIsolation, startChild, type Child } from '../../../sandbox/run/child.ts'
import {
  publisherMessageSchema,
  type Phase,
  type Published,
  type PublisherMessage,
} from '../../../sandbox/run/publisher-protocol.ts'
import { testFolder } from '../../support/folder.ts'
import { residentIdOf, usccOf } from '../../support/identifiers.ts'
import { csvOf, filesUnder, taxHeader, testHome, three } from '../../support/publishing.ts'

const folder = testFolder()
const isolation = probeIsolation()
const started: Child[] = []
afterEach(() => {
  for (const child of started.splice(0)) child.kill()
})

const startPublisher = (): Child => {
  const child = startChild('publisher-process', { addressSpaceMb: 3000, heapMb: 192 }, isolation)
  started.push(child)
  return child
}

/** Sends a job to a real publisher; every message is parsed. Killed when it says that it has come to a phase. */
const runJob = (job: object, killAt?: Phase): Promise<PublisherMessage[]> => {
  const child = startPublisher()
  const messages: PublisherMessage[] = []
  return new Promise((resolve) => {
    child.onMessage((message) => {
      const parsed = publisherMessageSchema.parse(message)
      messages.push(parsed)
      if (parsed.say !== 'progress') resolve(messages)
      else if (parsed.phase === killAt) child.kill()
    })
    void child.exited.then(() => resolve(messages))
    child.send(job)
  })
}

const publishedBy = (messages: readonly PublisherMessage[]): Published => {
  const last = messages.at(-1)
  if (last?.say !== 'published') throw new Error(JSON.stringify(last))
  return last.value
}

test('a publisher process takes a job with its keys, tells its progress and answers what it published', async () => {
  const home = testHome(join(folder, 'answers'))
  const messages = await runJob(home.csvJob(three))
  const phases = messages.flatMap((message) => (message.say === 'progress' ? [message.phase] : []))
  expect([...new Set(phases)]).toEqual(['check', 'load', 'verify', 'register', 'publish', 'seal'])
  const value = publishedBy(messages)
  expect(await home.read(value, 'SELECT count(*) FROM published.main.tax')).toEqual([[3n]])
})

test('it answers refusals without values, and one word where it failed', async () => {
  const home = testHome(join(folder, 'refuses'))
  const refused = await runJob(home.csvJob(csvOf([1, 1, 'SECRET', '350100,1,1,true,'])))
  expect(refused.at(-1)).toMatchObject({ say: 'refused', refusals: [{ code: 'source/cell-type' }] })
  expect(JSON.stringify(refused)).not.toContain('SECRET')
  const job = home.csvJob(three)
  const short = { ...job, published: { id: 'x', key: new Uint8Array(31) } }
  for (const wrong of [{}, short, { ...job, more: 1 }, { ...job, job: '../x' }])
    expect(await runJob(wrong)).toEqual([{ say: 'failed', fault: 'engine' }])
})

test.each<Phase>(['load', 'register', 'publish', 'seal'])(
  'killed in the phase `%s` it leaves nothing readable, and the next start sweeps it (I12)',
  async (phase) => {
    const home = testHome(join(folder, `killed-${phase}`))
    const rows = Array.from(
      { length: 10_000 },
      (_, i) => `${usccOf(i)},,2026-01-01,350100,${i},1,true,MARKER${i}`,
    )
    const csv = `${taxHeader}\n${rows.join('\n')}\n`
    const before = publishedBy(await runJob(home.csvJob(three)))
    home.commit(before)
    const known = {
      vault: new Set([before.raw.id]),
      quarantine: new Set<string>(),
      published: new Set([before.published.id]),
      register: new Set(before.registers.map(({ file }) => file.id)),
    }
    const kept = filesUnder(home.home)

    await runJob(home.csvJob(csv), phase)
    const halfDone = readdirSync(join(home.home, 'staging')).length
    expect(halfDone + filesUnder(home.home).length).toBeGreaterThan(kept.length)
    for (const { path, bytes } of filesUnder(home.home))
      for (const needle of ['MARKER', usccOf(1), residentIdOf(1)])
        expect(bytes.includes(needle), `${needle} in ${path}`).toBe(false)

    expect(sweepHome(home.home, known)).toBeGreaterThan(0)
    expect(filesUnder(home.home)).toEqual(kept)
    const after = publishedBy(await runJob(home.csvJob(csv)))
    expect(after.registers[0]).toMatchObject({ entities: 10_000 })
  },
)
