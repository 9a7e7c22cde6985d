import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { publishDataset } from '../../sandbox/action/ingest.ts'
import { accepted, refused } from '../../policies/outcome.ts'
import { refuse } from '../../policies/refusal.ts'
import { answer } from '../../sandbox/answer.ts'
import { systemActor, type Domain } from '../../sandbox/domain.ts'
import { filePath } from '../../sandbox/domain/home.ts'
import type { Reader } from '../../sandbox/state/database.ts'
import { entriesOf } from '../../sandbox/state/log.ts'
import { sweep } from '../../sandbox/sweep.ts'
import { openAlone, type Alone } from '../support/alone.ts'
import { eventually, verifiedLog } from '../support/crash.ts'
import {
  copyFolder,
  need,
  openTestDomain,
  preparedHome,
  publishPolicy,
  type Keys,
} from '../support/domain.ts'
import { shopsDataset, shopsPolicy } from '../support/shops.ts'

/** Ingests and destructions that fail or are killed, at each moment between their steps: what is left of them. */
/** Keepers are started and killed, one after the other. */
const killsMs = 60_000
const named = { dataset: 'shops', policy: 'shops-open' }

let prepared: Awaited<ReturnType<typeof preparedHome>>
let keys: Keys
let version: string
/** A home with one version of a dataset, of which something was set aside. */
beforeAll(async () => {
  prepared = await preparedHome()
  keys = prepared.keys
  const domain = await openTestDomain(prepared.home, keys)
  need(await domain.call(keys.operator, 'dataset/register', { text: shopsDataset() }))
  need(await publishPolicy(domain, shopsPolicy()))
  put(prepared.home, 'a1,3\na2,many\na3,4')
  const input = { ...named, file: 'shops.csv' }
  version = need(await domain.call(keys.operator, 'dataset/ingest', input)).version
  const proposal = { dataset: 'shops', version, reason: 'sent by mistake' }
  need(await domain.call(keys.operator, 'destruction/propose', proposal))
  await domain.stop()
})
afterAll(() => prepared.remove())

const put = (home: string, rows: string): void =>
  writeFileSync(join(home, 'inbox', 'shops.csv'), `licence,staff\n${rows}\n`)

/** A copy of the home, gone afterwards. */
const inCopy = async (use: (home: string) => Promise<void>): Promise<void> => {
  const home = join(prepared.home, '..', 'copy')
  copyFolder(prepared.home, home)
  try {
    await use(home)
  } finally {
    rmSync(home, { recursive: true })
  }
}

type Ended = { readonly signal: string | null; readonly draws: number }

/** Asks a keeper that kills itself at the nth draw of a key or salt. */
const askDying = (
  home: string,
  times: number,
  { key, action, input }: { key: string; action: string; input: object },
): Promise<Ended> =>
  new Promise((settle) => {
    const words = [home, String(times), key, action, JSON.stringify(input)]
    const child = execFile(
      process.execPath,
      ['dist/tests/support/dying-process.js', ...words],
      (_, said) => {
        const draws = said === '' ? 0 : (JSON.parse(said) as { draws: number }).draws
        settle({ signal: child.signalCode, draws })
      },
    )
  })

const ringOf = (home: string) =>
  JSON.parse(readFileSync(join(home, 'keyring.json'), 'utf8')) as {
    keys: object
    generation: number
  }
const fileKeys = (home: string): string[] =>
  Object.keys(ringOf(home).keys).filter((name) => /^(vault|quarantine|published)\//.test(name))
const shelved = (home: string): string[] =>
  ['vault', 'quarantine', 'published'].flatMap((shelf) =>
    readdirSync(join(home, shelf)).map((name) => `${shelf}/${name.replace('.duckdb', '')}`),
  )
const versionsOf = async ({ call }: Alone) =>
  need(await call(keys.operator, 'dataset/show', { dataset: 'shops' })).versions
/** What is set aside is read with its key: the file opens. */
const asideOf = async ({ call }: Alone, of: string) =>
  need(await call(keys.operator, 'quarantine/show', { dataset: 'shops', version: of })).bad.length

const inHome = async (home: string, use: (domain: Alone) => Promise<void>): Promise<void> => {
  const domain = openAlone(home, keys)
  try {
    await use(domain)
  } finally {
    domain.close()
  }
}

test('an ingest that is refused, and one of which nothing is set aside, keep no key that no file needs', async () => {
  await inCopy(async (home) => {
    await inHome(home, async (domain) => {
      const before = ringOf(home)
      const ingest = () =>
        domain.call(keys.operator, 'dataset/ingest', { ...named, file: 'shops.csv' })
      put(home, 'a1,many\na2,many')
      expect((await ingest()).ok).toBe(false)
      expect(ringOf(home)).toEqual(before)
      put(home, 'a1,3\na2,4')
      need(await ingest())
      const made = fileKeys(home).filter((name) => !(name in before.keys))
      expect(made.map((name) => name.split('/')[0] ?? '').toSorted()).toEqual([
        'published',
        'vault',
      ])
      expect(ringOf(home).generation).toBe(before.generation + 1)
    })
  })
})

test('wherever an ingest is killed, every key is of a committed file, and every such file has its key (I12)', async () => {
  const input = { ...named, file: 'shops.csv' }
  const request = { key: keys.operator, action: 'dataset/ingest', input }
  const before = fileKeys(prepared.home).length
  /** How many keys there were when it ended, and how many versions are found. */
  const endAt = async (times: number): Promise<Ended & { keys: number; versions: number }> => {
    let found = { signal: null as string | null, draws: 0, keys: 0, versions: 0 }
    await inCopy(async (home) => {
      put(home, 'a1,3\na2,many\na4,4')
      const ended = await askDying(home, times, request)
      const kept = fileKeys(home).length - before
      await inHome(home, async (domain) => {
        const versions = await versionsOf(domain)
        found = { ...ended, keys: kept, versions: versions.length }
        for (const each of versions) expect(await asideOf(domain, each.version)).toBe(1)
        expect(fileKeys(home).toSorted()).toEqual(shelved(home).toSorted())
        // And the next one comes in.
        expect(need(await domain.call(keys.operator, 'dataset/ingest', input)).rows).toBe(2)
      })
    })
    return found
  }
  const { draws, ...whole } = await endAt(0)
  expect(whole).toEqual({ signal: null, keys: 3, versions: 2 })
  // Before the first key is made, and when all are kept and nothing is committed yet.
  expect(await endAt(1)).toMatchObject({ signal: 'SIGKILL', keys: 0, versions: 1 })
  expect(await endAt(draws)).toMatchObject({ signal: 'SIGKILL', keys: 3, versions: 1 })
})

test('where it is unknown whether a version was committed, neither its files nor its keys are swept', async () => {
  await inCopy(async (home) => {
    put(home, 'a1,3\na2,4')
    await inHome(home, async ({ domain }) => {
      const before = { keys: fileKeys(home), files: shelved(home) }
      const ingest = (isSound: boolean) => {
        const commit = () => refused(refuse('state/cannot-write'))
        const held = { ...domain, state: { ...domain.state, commit, isSound: () => isSound } }
        const input = { ...named, file: 'shops.csv', mode: 'replace' } as const
        return publishDataset({ ...held, sweep: () => sweep(held) }, systemActor, input)
      }
      expect((await ingest(false)).ok).toBe(false)
      expect(fileKeys(home)).toHaveLength(before.keys.length + 2)
      expect(shelved(home)).toHaveLength(before.files.length + 2)
      // What was not committed for want of room is nobody's.
      expect((await ingest(true)).ok).toBe(false)
      expect([fileKeys(home), shelved(home)]).toEqual([before.keys, before.files])
    })
  })
})

test(
  'wherever a destruction is killed, the next keeper finishes it or it was not begun, and the log says which (I11, I12, S1-12f)',
  async () => {
    const input = { dataset: 'shops', version }
    const request = { key: keys.approver, action: 'destruction/approve', input }
    const [allKeys, allFiles] = [fileKeys(prepared.home).length, shelved(prepared.home).length]
    /** What there was when it ended, and what becomes of it; `between` is done to the home before the next keeper comes. */
    const endAt = async (
      times: number,
      between: (home: string) => void = () => undefined,
    ): Promise<Ended & { keys: number; files: number; shown: readonly string[] | undefined }> => {
      let found: Awaited<ReturnType<typeof endAt>> | undefined
      await inCopy(async (home) => {
        const ring = readFileSync(join(home, 'keyring.json'))
        const ended = await askDying(home, times, request)
        const gone = {
          keys: allKeys - fileKeys(home).length,
          files: allFiles - shelved(home).length,
        }
        between(home)
        await inHome(home, async (domain) => {
          await eventually(() => (domain.domain.publishing.isBusy() ? undefined : true))
          const state = (await versionsOf(domain))[0]?.destruction
          const entries = await verifiedLog(domain)
          const events = entries.map(({ event }) => event)
          const certificates = entries.filter(({ event }) => event === 'version/destroyed')
          const isDone = state === 'done'
          expect(['proposed', 'done']).toContain(state)
          expect(certificates).toHaveLength(isDone ? 1 : 0)
          expect(events.includes('destruction/approved')).toBe(isDone)
          expect(fileKeys(home).toSorted()).toEqual(shelved(home).toSorted())
          expect(fileKeys(home)).toHaveLength(allKeys - (isDone ? 3 : 0))
          if (!isDone) expect(await asideOf(domain, version)).toBe(1)
          const shown = certificates[0]?.detail['shown'] as readonly string[] | undefined
          found = { ...ended, ...gone, shown }
        })
        writeFileSync(join(home, 'keyring.json'), ring)
        const again = () => openAlone(home, keys).close()
        if (found?.shown === undefined) expect(again).not.toThrow()
        else expect(again).toThrow('domain/keyring-changed')
      })
      if (found === undefined) throw new Error('nothing was found')
      return found
    }
    const refusedAll = ['published refused', 'vault refused', 'quarantine refused']
    const whole = await endAt(0)
    expect(whole).toMatchObject({ signal: null, keys: 3, files: 3, shown: refusedAll })
    const killed = { signal: 'SIGKILL' }
    // Before the approval is committed: not begun.
    expect(await endAt(1)).toMatchObject({ ...killed, keys: 0, files: 0, shown: undefined })
    // Approved, and all keys are there.
    expect(await endAt(2)).toMatchObject({ ...killed, keys: 0, files: 0, shown: refusedAll })
    // The keys are gone, and no file was tried.
    expect(await endAt(3)).toMatchObject({ ...killed, keys: 3, files: 0, shown: refusedAll })
    // The first of the files is unlinked.
    const unlink = (home: string): void => {
      const [first] = shelved(prepared.home).filter(
        (name) => name.startsWith('published/') && !fileKeys(home).includes(name),
      )
      rmSync(join(home, `${first}.duckdb`))
    }
    expect(await endAt(3, unlink)).toMatchObject({
      shown: ['published gone', 'vault refused', 'quarantine refused'],
    })
    // All files are unlinked, and there is no certificate yet.
    expect(await endAt(whole.draws)).toMatchObject({
      ...killed,
      keys: 3,
      files: 3,
      shown: ['published gone', 'vault gone', 'quarantine gone'],
    })
  },
  killsMs,
)

/** Asks in a copy of the home with parts of its keeper replaced. */
const approveWith = async (
  home: string,
  change: (domain: Domain) => Partial<Domain>,
): Promise<{ codes: string[]; reported: unknown[]; events: string[] }> => {
  const { domain, close } = openAlone(home, keys)
  try {
    const reported: unknown[] = []
    const report = (_: string, error: unknown) => void reported.push(error)
    const changed = { ...domain, report, ...change(domain) }
    const outcome = await answer(changed, {
      id: 1,
      keyDigest: createHash('sha256').update(keys.approver).digest('hex'),
      action: 'destruction/approve',
      input: { dataset: 'shops', version },
    })
    const events = entriesOf(domain.state.reader, { type: 'dataset', id: 'shops' }).map(
      ({ body }) => (JSON.parse(body) as { event: string }).event,
    )
    return { codes: outcome.ok ? [] : outcome.refusals.map(({ code }) => code), reported, events }
  } finally {
    close()
  }
}

test('a destruction whose key is still there is not certified, and nothing is unlinked', async () => {
  await inCopy(async (home) => {
    const { codes, reported, events } = await approveWith(home, ({ keyring }) => ({
      keyring: { ...keyring, destroy: () => accepted(undefined) },
    }))
    expect([codes, reported.map(String)]).toEqual([
      ['internal/failure'],
      ['Error: a destroyed key is there'],
    ])
    expect(events).not.toContain('version/destroyed')
    expect(shelved(home)).toEqual(shelved(prepared.home))
  })
})

test('a destruction whose file opens without its key is not certified, and nothing is unlinked', async () => {
  await inCopy(async (home) => {
    const clear = join(prepared.home, '..', 'clear.duckdb')
    const instance = await DuckDBInstance.create(clear)
    instance.closeSync()
    const sha256 = createHash('sha256').update(readFileSync(clear)).digest('hex')
    const { codes, reported, events } = await approveWith(home, ({ state }) => {
      // Such a file was never made: the state is made to say that it was.
      const get: Reader['get'] = (sql, ...values) => {
        const row = state.reader.get(sql, ...values)
        if (row?.['fileDigest'] === undefined) return row
        copyFileSync(clear, filePath(home, 'published', String(row['file'])))
        return { ...row, fileDigest: sha256 }
      }
      return { state: { ...state, reader: { ...state.reader, get } } }
    })
    expect([codes, reported.map(String)]).toEqual([
      ['internal/failure'],
      ['Error: a file was not shown to be closed'],
    ])
    expect(events).not.toContain('version/destroyed')
    expect(shelved(home)).toEqual(shelved(prepared.home))
  })
})

test('a version is not destroyed while another is made from its raw file: that comes first, and the raw file stays', async () => {
  await inCopy(async (home) => {
    await inHome(home, async (domain) => {
      const input = { dataset: 'shops', version }
      const [made, ended] = await Promise.all([
        domain.call(keys.operator, 'dataset/ingest', named),
        domain.call(keys.approver, 'destruction/approve', input),
      ])
      expect(need(made).rows).toBe(2)
      const { detail } = JSON.parse(need(ended).certificate) as { detail: { shown: string[] } }
      expect(detail.shown).toEqual(['published refused'])
      expect(fileKeys(home).toSorted()).toEqual(shelved(home).toSorted())
    })
  })
})

test('one at a time looks at what was set aside', async () => {
  await inCopy(async (home) => {
    await inHome(home, async ({ call }) => {
      const input = { dataset: 'shops', version }
      const looks = [1, 2].map(() => call(keys.operator, 'quarantine/show', input))
      const [first, second] = await Promise.all(looks)
      expect(need(first!).bad).toHaveLength(1)
      expect(second).toMatchObject({ refusals: [{ code: 'run/busy' }] })
    })
  })
})

test('a pulled file that is another by the time it is read is not taken', async () => {
  await inCopy(async (home) => {
    put(home, 'a1,3\na2,4')
    await inHome(home, async ({ domain }) => {
      const before = { keys: fileKeys(home), files: shelved(home) }
      const pulled = { folder: [], sha256: '0'.repeat(64), pull: '1'.repeat(64) }
      const input = { ...named, file: 'shops.csv', mode: 'replace', pulled } as const
      expect(await publishDataset(domain, systemActor, input)).toMatchObject({
        refusals: [{ code: 'source/changed' }],
      })
      expect({ keys: fileKeys(home), files: shelved(home) }).toEqual(before)
    })
  })
})
