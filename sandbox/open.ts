import { accepted, refused, type Outcome } from '../policies/outcome.ts'
import { refuse } from '../policies/refusal.ts'
import type { Account } from './door.ts'
import { newKey, systemActor, type Domain } from './domain.ts'
import { createHome, openHome, sweepHome } from './domain/home.ts'
import { createKeyring, openKeyring, type Keyring } from './domain/keyring.ts'
import { signerOf, type Signer } from './log/checkpoint.ts'
import { recover } from './recover.ts'
import { probeIsolation, startChild } from './run/child.ts'
import { openPool } from './run/pool.ts'
import { settings } from './settings.ts'
import { createAccount, issueKey } from './state/accounts.ts'
import type { Reader } from './state/database.ts'
import { storedFiles } from './state/files.ts'
import { openState } from './state/open.ts'
import { versionFiles } from './state/versions.ts'
import type { World } from './world.ts'

/** The key that signs the log is the keyring's entry of this name; its 32 bytes are an Ed25519 seed (RFC 8032). */
const logKey = 'log'
const origin = 'sluice.domain/log'

const signerFor = (keyring: Keyring): Signer => signerOf(origin, keyring.obtain(logKey))

/** Makes a home, its keys and its first account: an administrator, whose key is returned once. */
export const initDomain = (
  folder: string,
  world: World,
): Outcome<{ readonly key: string; readonly account: Account }> => {
  const home = createHome(folder)
  if (!home.ok) return home
  const keyring = createKeyring(home.value, world)
  if (!keyring.ok) return keyring
  const state = openState({ folder: home.value.state, signer: signerFor(keyring.value), world })
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

/** Opens a home and starts its children. What a crash left unfinished is settled before anything is answered. */
export const openDomain = async (folder: string, world: World): Promise<Outcome<Domain>> => {
  const home = openHome(folder)
  if (!home.ok) return home
  const keyring = openKeyring(home.value, world)
  if (!keyring.ok) return keyring
  const signer = signerFor(keyring.value)
  const state = openState({ folder: home.value.state, signer, world })
  if (!state.ok) return state
  const isolation = probeIsolation()
  const domain: Domain = {
    world,
    home: home.value,
    keyring: keyring.value,
    signer,
    state: state.value,
    isolation,
    checkers: openPool({
      start: () => startChild('checker-process', settings.checker.limits, isolation),
      size: settings.checker.size,
      usesMax: settings.checker.usesMax,
      waitingMax: settings.checker.waitingMax,
    }),
    runners: openPool({
      start: () => startChild('runner-process', settings.runner.limits, isolation),
      size: settings.runner.size,
      usesMax: 1,
      waitingMax: settings.runner.waitingMax,
    }),
    publishing: { busy: false },
    sweep: () => void sweepHome(home.value.folder, knownFiles(state.value.reader)),
    waiters: new Map(),
    report: (incident, error) => process.stderr.write(`${incidentLine(incident, error)}\n`),
  }
  return open(domain)
}

/** Notes the opening in the log, sweeps, and settles what a crash left. */
const open = (domain: Domain): Outcome<Domain> => {
  const { keyring, state, isolation } = domain
  if (keyring.generation() < lastGeneration(state.reader)) {
    closeDomain(domain)
    return refused(refuse('domain/keyring-changed', { file: domain.home.ringFile }))
  }
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
        },
      }),
    ),
  )
  if (!opened.ok) {
    closeDomain(domain)
    return opened
  }
  domain.sweep()
  recover(domain)
  return accepted(domain)
}

/** The keyring's generation as the log last saw it: an older ring would bring destroyed keys back. */
const lastGeneration = (reader: Reader): number =>
  Number(
    reader.get(
      `SELECT max(body ->> '$.detail.generation') AS generation FROM entries
       WHERE event IN ('domain/opened', 'version/published')`,
    )?.['generation'] ?? 0,
  )

const knownFiles = (reader: Reader): Parameters<typeof sweepHome>[1] => {
  const files = storedFiles(reader)
  const stems = (shelf: string): Set<string> =>
    new Set(files.filter((each) => each.shelf === shelf).map(({ file }) => file))
  return {
    vault: stems('vault'),
    register: stems('register'),
    published: new Set(versionFiles(reader)),
  }
}

export const closeDomain = (domain: Domain): void => {
  domain.checkers.close()
  domain.runners.close()
  domain.state.close()
}

const incidentLine = (incident: string, error: unknown): string => {
  const places =
    error instanceof Error
      ? (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
      : []
  return [`incident ${incident}`, ...places.slice(0, 8)].join('\n')
}
