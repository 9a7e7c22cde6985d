import { readFileSync } from 'node:fs'
import { digestOf } from '../policies/canonical.ts'
import { accepted, refused, type Outcome } from '../policies/outcome.ts'
import { refuse, type Refusal } from '../policies/refusal.ts'
import type { Account } from './door.ts'
import { tendVersions } from './destroy.ts'
import { newKey, systemActor, type Domain } from './domain.ts'
import { createHome, openHome, type Home } from './domain/home.ts'
import { custodyOf } from './domain/custody.ts'
import { createDurably } from './domain/durable.ts'
import { createKeyring, openKeyring } from './domain/keyring.ts'
import { signerOf } from './log/checkpoint.ts'
import type { SuiteName } from './log/suite-name.ts'
import { openPlaces } from './places.ts'
import { recover } from './recover.ts'
import { probeIsolation, startChild } from './run/child.ts'
import { openPool, type Pool } from './run/pool.ts'
import { sealingKey } from './sealed.ts'
import { readSettings, usualSettings, type Settings } from './settings.ts'
import { createAccount } from './state/accounts.ts'
import { issueKey } from './state/keys.ts'
import type { Reader } from './state/database.ts'
import { holdState, openState } from './state/open.ts'
import { sweep } from './sweep.ts'
import { openTurns } from './turns.ts'
import type { World } from './world.ts'

/** The key that signs the log is the keyring's entry of this name; its 32 bytes are an Ed25519 seed (RFC 8032). */
const logKey = 'log'
const origin = 'sluice.domain/log'

export type InitOptions = {
  readonly suite?: SuiteName
  /** Settings the home begins with: a file that becomes its `settings.json`. */
  readonly settingsFile?: string
}

/** Makes a home, its keys and its first account: an administrator, whose key is returned once. */
export const initDomain = (
  folder: string,
  world: World,
  { suite = 'intl', settingsFile }: InitOptions = {},
): Outcome<{ readonly key: string; readonly account: Account }> => {
  const settings = settingsFile === undefined ? accepted(usualSettings) : readSettings(settingsFile)
  if (!settings.ok) return settings
  const home = createHome(folder)
  if (!home.ok) return home
  if (settingsFile !== undefined) createDurably(home.value.settingsFile, readFileSync(settingsFile))
  const { paths, custody } = keyringPlace(home.value, settings.value, world)
  const keyring = createKeyring(paths, world, { suite, custody })
  if (!keyring.ok) return keyring
  const signer = signerOf(origin, keyring.value.obtain(logKey), suite)
  keyring.value.obtain(sealingKey)
  const state = openState({ folder: home.value.state, signer, world })
  if (!state.ok) return state
  const { key, digest } = newKey(world)
  const account: Account = {
    account: 'administrator',
    organisation: 'operator',
    role: 'administrator',
    expiresMs: world.nowMs() + firstKeyMs,
  }
  const { expiresMs, ...person } = account
  const made = state.value.commit((tx) => {
    const created = createAccount(tx, person, systemActor)
    return created.ok
      ? issueKey(tx, { digest, account: person.account, expiresMs }, systemActor)
      : created
  })
  state.value.close()
  return made.ok ? accepted({ key, account }) : made
}

const firstKeyMs = 366 * 86_400_000

export type DomainOptions = {
  readonly world: World
  /** Called once when the state cannot go on and must be opened again. */
  readonly onBroken?: () => void
  /** How children are started: as processes. */
  readonly start?: typeof startChild
}

/** Opens a home and starts its children. What a crash left unfinished is settled before anything is answered. */
export const openDomain = (folder: string, options: DomainOptions): Outcome<Domain> => {
  const home = openHome(folder)
  if (!home.ok) return home
  const settings = readSettings(home.value.settingsFile)
  if (!settings.ok) return settings
  const kept = openKept(home.value, settings.value, options)
  if (!kept.ok) return kept
  const unsound = unsoundness(kept.value, home.value, settings.value)
  if (unsound !== undefined) {
    kept.value.state.close()
    return refused(unsound)
  }
  const domain = domainOf(home.value, kept.value, { ...options, settings: settings.value })
  const opened = open(domain)
  if (!opened.ok) closeDomain(domain)
  return opened
}

/** Where the ring and what is kept of its key lie, and who keeps that. */
const keyringPlace = (home: Home, { domainKey }: Settings, world: World) => ({
  paths: {
    ringFile: home.ringFile,
    keyFile: (domainKey.source === 'file' ? domainKey.path : undefined) ?? home.keyFile,
  },
  custody: custodyOf(domainKey, world, process.env),
})

type Kept = Pick<Domain, 'world' | 'keyring' | 'signer' | 'state'>

/** How long a keeper whose server was killed may take to end. */
const lastKeeperMs = 1000

/** The state is held before the ring is touched: opening a ring may finish a destruction that a crash cut short. */
const openKept = (
  home: Home,
  settings: Settings,
  { world, onBroken }: DomainOptions,
): Outcome<Kept> => {
  const held = holdState({ folder: home.state, waitMs: lastKeeperMs }, false)
  if (!held.ok) return held
  const { paths, custody } = keyringPlace(home, settings, world)
  const keyring = openKeyring(paths, world, custody)
  // A ring without the log's key is not the ring of this log; a new one must not be made in its place.
  const seed = keyring.ok ? keyring.value.find(logKey) : undefined
  if (!keyring.ok || seed === undefined) {
    held.value.close()
    return keyring.ok ? refused(refuse('domain/keyring-changed', { file: home.ringFile })) : keyring
  }
  const signer = signerOf(origin, seed, keyring.value.suite.name)
  const state = held.value.open({ signer, world, ...(onBroken && { onBroken }) })
  return state.ok ? accepted({ world, keyring: keyring.value, signer, state: state.value }) : state
}

/** Why what was opened is not the last of its kind. */
const unsoundness = (
  { world, keyring, state }: Kept,
  home: Home,
  settings: Settings,
): Refusal | undefined => {
  const { end } = state.last()
  if (end.edge.size === 0) return refuse('state/missing', { file: home.state })
  if (keyring.generation() < lastGeneration(state.reader))
    return refuse('domain/keyring-changed', { file: home.ringFile })
  const behindMs = end.timeMs - world.nowMs()
  return behindMs > settings.clockBehindMs
    ? refuse('domain/clock-behind', { seconds: Math.round(behindMs / 1000) })
    : undefined
}

/** The keyring's generation as the log last saw it: an older ring would bring destroyed keys back. */
const lastGeneration = (reader: Reader): number =>
  Number(
    reader.get(
      `SELECT max(body ->> '$.detail.generation') AS generation FROM entries
       WHERE event IN ('domain/opened', 'version/published', 'version/destroyed', 'quarantine/destroyed', 'token/made',
         'token/destroyed')`,
    )?.['generation'] ?? 0,
  )

/** A child that is not up by then is not going to be. */
const hello = { message: { ask: 'hello' }, timeoutMs: 30_000 }

const domainOf = (
  home: Home,
  kept: Kept,
  { settings, start = startChild }: DomainOptions & { readonly settings: Settings },
): Domain => {
  const isolation = probeIsolation()
  const { checker, runner } = settings
  const checkerPool = (size: number): Pool =>
    openPool({
      start: () => start('checker-process', checker, isolation),
      size,
      usesMax: checker.usesMax,
      waitingMax: checker.waitingMax,
      hello,
    })
  return {
    ...kept,
    settings,
    home,
    isolation,
    checkers: checkerPool(checker.size),
    composers: checkerPool(1),
    runners: openPool({
      start: () => start('runner-process', runner, isolation),
      size: runner.size + runner.peopleSize,
      usesMax: 1,
      waitingMax: runner.size + runner.peopleSize,
      hello,
    }),
    places: openPlaces({ noise: runner.size, people: runner.peopleSize }, runner.waitingMax),
    publishing: openTurns(settings.publisher.waitingMax),
    reading: { busy: false },
    pulling: { busy: false, looked: new Map(), taken: new Map() },
    tending: {},
    sweep: () => sweep({ ...kept, home }),
    waiters: new Map(),
    report: (incident, error) => process.stderr.write(`${incidentLine(incident, error)}\n`),
  }
}

/** Sweeps, notes the opening in the log, and settles what a crash left. */
const open = (domain: Domain): Outcome<Domain> => {
  domain.sweep()
  const { keyring, state, isolation, settings } = domain
  const opened = state.commit((tx) =>
    accepted(
      tx.log({
        actor: systemActor,
        event: 'domain/opened',
        subject: { type: 'domain', id: 'domain' },
        detail: {
          generation: keyring.generation(),
          networkIsolated: String(isolation.network),
          privilegesDropped: String(isolation.privileges),
          settings: digestOf(settings),
        },
      }),
    ),
  )
  if (!opened.ok) return opened
  const recovered = recover(domain)
  if (!recovered.ok) return recovered
  void tendVersions(domain)
  domain.tending.timer = setInterval(() => void tendVersions(domain), settings.retentionMs).unref()
  return accepted(domain)
}

export const closeDomain = (domain: Domain): void => {
  clearInterval(domain.tending.timer)
  domain.checkers.close()
  domain.composers.close()
  domain.runners.close()
  domain.state.close()
}

/** Where something failed, without a word of what was in hand. */
export const incidentLine = (incident: string, error: unknown): string => {
  const places =
    error instanceof Error
      ? (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
      : []
  return [`incident ${incident}`, ...places.slice(0, 8)].join('\n')
}
