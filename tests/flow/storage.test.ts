import { spawn } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createKeyring } from '../../sandbox/domain/keyring.ts'
import { openDomain } from '../../sandbox/open.ts'
import { systemWorld } from '../../sandbox/world.ts'
import { checkAfterCrash, eventsOf, verifiedLog } from '../support/crash.ts'
import {
  agreementName,
  firstWord,
  openTestDomain,
  personas,
  policyName,
  need,
  preparedHome,
  setHome,
  speakTo,
  startKeeper,
  type KeptDomain,
  type Prepared,
} from '../support/domain.ts'

const counted = (column: string): string =>
  `select ${column}, count(*) as n from ent_registry group by ${column}`

/** A home that was used twice: `earlier` is a copy of it between. */
let prepared: Prepared
let earlier: string
beforeAll(async () => {
  prepared = await preparedHome()
  earlier = join(prepared.home, '..', 'earlier')
  cpSync(prepared.home, earlier, { recursive: true })
  const domain = await openTestDomain(prepared.home, prepared.keys)
  const input = { dataset: 'districts', policy: policyName }
  need(await domain.call(domain.keys.operator, 'dataset/ingest', input))
  await domain.stop()
})
afterAll(() => prepared.remove())

let count = 0
/** A copy of the home, changed. */
const changed = (change: (home: string) => void): string => {
  const home = join(prepared.home, '..', `copy-${(count += 1)}`)
  cpSync(prepared.home, home, { recursive: true })
  for (const folder of ['.', ...readdirSync(home)])
    if (statSync(join(home, folder)).isDirectory()) chmodSync(join(home, folder), 0o700)
  change(home)
  return home
}

/** How a keeper begins with this home: `ready`, or the codes it refuses with. */
const openingOf = async (home: string, ...more: string[]): Promise<string> => {
  const { keeper, notice } = await startKeeper(home, ...more)
  keeper.kill('SIGKILL')
  return notice.refusals?.map(({ code }) => code).join() ?? notice.kind
}

const dataIn = (home: string): string[] => [
  ...['vault', 'published', 'register'].flatMap((shelf) => readdirSync(join(home, shelf))),
  existsSync(join(home, 'keyring.json')) ? readFileSync(join(home, 'keyring.json'), 'utf8') : '',
]

const back =
  (...names: string[]) =>
  (home: string): void => {
    for (const name of names) {
      rmSync(join(home, name), { recursive: true })
      cpSync(join(earlier, name), join(home, name), { recursive: true })
      if (statSync(join(home, name)).isDirectory()) chmodSync(join(home, name), 0o700)
    }
  }

describe('a home is not opened', () => {
  test.each<[string, string, (home: string) => void]>([
    ['whose state is older than its last checkpoint', 'state/rolled-back', back('state/state.db')],
    [
      'whose state and checkpoints are gone',
      'state/missing',
      (home) => {
        for (const name of readdirSync(join(home, 'state'))) rmSync(join(home, 'state', name))
      },
    ],
    [
      'whose state is empty',
      'state/missing',
      (home) => {
        rmSync(join(home, 'state', 'state.head'))
        truncateSync(join(home, 'state', 'state.db'))
      },
    ],
    [
      'in whose state one row was changed',
      'state/damaged',
      (home) => {
        const state = new DatabaseSync(join(home, 'state', 'state.db'))
        state.exec("UPDATE accounts SET role = 'administrator' WHERE role = 'analyst'")
        state.close()
      },
    ],
    ['whose keyring is older than its log', 'domain/keyring-changed', back('keyring.json')],
    [
      'whose keyring never had the key of its log',
      'domain/keyring-changed',
      (home) => {
        // What a keyring of this domain was before its first key, sealed as it should be.
        const key = readFileSync(join(home, 'keys', 'domain.key'))
        const folder = join(home, '..', 'empty-ring')
        mkdirSync(folder)
        const paths = {
          keyFile: join(folder, 'domain.key'),
          ringFile: join(folder, 'keyring.json'),
        }
        need(createKeyring(paths, { ...systemWorld, randomBytes: () => new Uint8Array(key) }))
        cpSync(paths.ringFile, join(home, 'keyring.json'))
      },
    ],
    [
      'whose keyring is gone',
      'domain/keyring-missing',
      (home) => rmSync(join(home, 'keyring.json')),
    ],
    [
      'whose key file is another',
      'domain/keyring-changed',
      (home) => writeFileSync(join(home, 'keys', 'domain.key'), Buffer.alloc(32)),
    ],
    [
      'whose key file others can read',
      'domain/key-file-unsafe',
      (home) => chmodSync(join(home, 'keys', 'domain.key'), 0o644),
    ],
    ['that is open to others', 'domain/open-to-others', (home) => chmodSync(home, 0o755)],
    [
      'one folder of which is open to others',
      'domain/open-to-others',
      (home) => chmodSync(join(home, 'published'), 0o750),
    ],
    [
      'one folder of which is a link',
      'domain/no-home',
      (home) => {
        rmSync(join(home, 'inbox'), { recursive: true })
        symlinkSync(earlier, join(home, 'inbox'))
      },
    ],
    [
      'whose settings are not sound',
      'domain/settings-malformed',
      (home) => setHome(home, { runner: { cores: 2 } }),
    ],
  ])('%s', async (_, code, change) => {
    const home = changed(change)
    const before = dataIn(home)
    expect(await openingOf(home)).toBe(code)
    // Nothing was swept or made: what is wrong may be put right.
    expect(dataIn(home)).toEqual(before)
  })

  test('that is no home', async () => {
    expect(await openingOf(join(prepared.home, 'nowhere'))).toBe('domain/no-home')
  })

  test('a second time, neither to serve nor to make it anew, and the first keeper goes on', async () => {
    const domain = await openTestDomain(prepared.home, prepared.keys)
    // A destruction of keys half done by the first: whoever does not hold the state must not finish it.
    const next = join(prepared.home, 'keys', 'domain.key.next')
    writeFileSync(next, Buffer.alloc(32, 7), { mode: 0o600 })
    expect(await openingOf(prepared.home)).toBe('state/in-use')
    expect(readFileSync(next)).toEqual(Buffer.alloc(32, 7))
    expect(await openingOf(prepared.home, 'init')).toBe('domain/exists')
    expect(await domain.ask({ sql: counted('district') })).toMatchObject({ state: 'released' })
    await domain.stop()
    expect(await openingOf(prepared.home, 'init')).toBe('domain/exists')
  })
})

describe('a clock', () => {
  test('that stands behind the log is refused, unless the operator says that the log is wrong', () => {
    const home = changed(() => undefined)
    const lateMs = 3 * 86_400_000
    const world = { ...systemWorld, nowMs: () => Date.now() - lateMs }
    const start = (): never => {
      throw new Error('no child is started')
    }
    const opened = openDomain(home, { world, start })
    expect(opened).toMatchObject({
      ok: false,
      refusals: [
        { code: 'domain/clock-behind', params: { seconds: expect.closeTo(lateMs / 1000, -2) } },
      ],
    })
    setHome(home, { clockBehindMs: 4 * 86_400_000 })
    expect(() => openDomain(home, { world, start })).toThrow('no child is started')
  })
})

describe('a disk that becomes full', () => {
  /** A keeper that can write no file beyond this size: at the limit, a write fails as on a full disk. */
  const openLimited = async (home: string, bytes: number): Promise<KeptDomain> => {
    const words = [process.execPath, resolve('dist/sandbox/keeper.js'), home]
    const script = `ulimit -f ${Math.ceil(bytes / 512)}; exec "$0" "$@"`
    const keeper = spawn('/bin/sh', ['-c', script, ...words], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'advanced',
    })
    expect(await firstWord(keeper)).toMatchObject({ kind: 'ready' })
    return speakTo(keeper, home, prepared.keys)
  }

  test('stops the keeper, which says so to the operator alone; nothing acknowledged is lost', async () => {
    const home = changed(() => undefined)
    const size = statSync(join(home, 'state', 'state.db')).size
    const domain = await openLimited(home, size + 400_000)
    const ended = new Promise((settle) => domain.keeper.once('exit', settle))
    const known = await verifiedLog(domain)
    const submission = {
      kind: 'query' as const,
      agreement: agreementName,
      sql: 'select district from ent_registry',
    }
    const acknowledged: string[] = []
    let codes: string[] = []
    while (codes.length === 0) {
      const made = await domain.call(domain.keys.bank, 'submission/create', { submission })
      if (made.ok) acknowledged.push(made.value.id)
      else codes = made.refusals.map(({ code }) => code)
    }
    expect(codes).toEqual(['run/unavailable'])
    const [account, organisation] = personas.bank
    expect(
      await domain.call(domain.keys.administrator, 'account/create', {
        account: `${account}-2`,
        organisation,
        role: 'analyst',
        days: 1,
      }),
    ).toMatchObject({ ok: false, refusals: [{ code: 'state/cannot-write' }] })
    expect(await ended).toBe(1)
    const next = await openTestDomain(home, prepared.keys)
    // The last one may have been received and no more: the next keeper goes on with it.
    for (const id of acknowledged)
      need(await next.call(next.keys.bank, 'submission/show', { id, waitMs: 20_000 }))
    const entries = await checkAfterCrash(next, known)
    expect(acknowledged.length).toBeGreaterThan(3)
    for (const id of acknowledged) expect(eventsOf(entries, id)).toContain('submission/refused')
    expect(await next.ask({ sql: counted('district') })).toMatchObject({ state: 'released' })
    await next.stop()
  })
})
