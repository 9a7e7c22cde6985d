import type { ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import { entrySchema, type Entry } from '../../sandbox/log/entry.ts'
import { verifyExport } from '../../sandbox/log/verify.ts'
import { need, type KeptDomain, type TestDomain } from './domain.ts'

/** Between two looks at what nobody tells: other processes. */
const pollMs = 5

/** Asks again and again until the answer is not undefined. */
export const eventually = async <T>(
  ask: () => T | undefined | Promise<T | undefined>,
): Promise<T> => {
  for (const endMs = performance.now() + 20_000; performance.now() < endMs;) {
    const found = await ask()
    if (found !== undefined) return found
    await pause(pollMs)
  }
  throw new Error('it did not come about')
}

/** Processes whose parent this is, by what they run: `runner-process`. */
export const childrenOf = (parent: ChildProcess, entry: string): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent.pid && wordsOf(pid).includes(`${entry}.js`))

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
const wordsOf = (pid: number): string => read(`/proc/${pid}/cmdline`)
/** The name of a process stands in brackets and may hold anything; behind the last bracket come state and parent. */
const fieldsOf = (pid: number): string[] =>
  read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? []
const parentOf = (pid: number): number => Number(fieldsOf(pid)[1])

/** Also one that ended and whose parent has not taken note of it is gone. */
export const isGone = (pid: number): boolean => ['', 'Z', 'X', undefined].includes(fieldsOf(pid)[0])

export const goneAll = (pids: readonly number[]): Promise<true> =>
  eventually(() => (pids.every(isGone) ? true : undefined))

/** Sends a signal to processes, those that are gone already passed over. */
export const signal = (pids: readonly number[], name: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void => {
  // 0 would be every process of this group.
  if (pids.some((pid) => !(pid > 1))) throw new Error('no such process')
  for (const pid of pids)
    try {
      process.kill(pid, name)
    } catch {
      // It is gone.
    }
}

/** Waits for children of this kind and stops them where they stand. */
export const freeze = async (parent: ChildProcess, entry: string, count = 1): Promise<number[]> => {
  const pids = await eventually(() => {
    const found = childrenOf(parent, entry)
    return found.length >= count ? found : undefined
  })
  signal(pids, 'SIGSTOP')
  return pids
}

const kinds = ['checker-process', 'runner-process', 'publisher-process', 'destruction-process']

/** Kills a keeper without warning; its children go with it, also those that were stopped. */
export const killKeeper = async ({ keeper }: KeptDomain): Promise<void> => {
  const children = kinds.flatMap((entry) => childrenOf(keeper, entry))
  const gone = new Promise((settle) => keeper.once('exit', settle))
  keeper.kill('SIGKILL')
  await gone
  // Where the system lets no child die with its parent, it ends when it finds the channel closed.
  signal(children, 'SIGCONT')
  await goneAll(children)
}

/** The whole log, exported through the door and verified from its public key alone. */
export const verifiedLog = async ({
  call,
  keys,
}: Pick<TestDomain, 'call' | 'keys'>): Promise<readonly Entry[]> => {
  const lines: string[] = []
  for (let next: number | undefined = 0, size: number | undefined; next !== undefined;) {
    const input: { from: number; size?: number } = { from: next, ...(size && { size }) }
    const part = need(await call(keys.supervisor, 'log/export', input))
    lines.push(...part.lines)
    size ??= (JSON.parse(part.lines[0] ?? '') as { size: number }).size
    next = part.next
  }
  const { verifier } = need(await call(keys.supervisor, 'log/checkpoint', {}))
  need(await verifyExport([Buffer.from(lines.map((line) => `${line}\n`).join(''))], verifier))
  const { entries } = await readLog({ call, keys }, 0)
  return entries
}

/** Entries from a place on, as the operator reads them. */
export const readLog = async (
  { call, keys }: Pick<TestDomain, 'call' | 'keys'>,
  from: number,
): Promise<{ entries: Entry[]; next: number }> => {
  const entries: Entry[] = []
  for (let cursor: number | undefined = from; cursor !== undefined;) {
    const page: { entries: { entry: string }[]; next?: number | undefined } = need(
      await call(keys.operator, 'log/list', { cursor, limit: 200 }),
    )
    entries.push(...page.entries.map(({ entry }) => entrySchema.parse(JSON.parse(entry))))
    cursor = page.next
  }
  return { entries, next: from + entries.length }
}

/** Waits until the log holds an event after the place `from`; answers its entry. */
export const happens = (domain: TestDomain, event: string, from: number): Promise<Entry> =>
  eventually(async () =>
    (await readLog(domain, from)).entries.find((entry) => entry.event === event),
  )

export const eventsOf = (entries: readonly Entry[], id: string): string[] =>
  entries.filter(({ subject }) => subject.id === id).map(({ event }) => event)

/**
 * What must hold of a home after a crash, as the next keeper shows it: the log goes on from where it was known to be and
 * is whole, every submission is charged and released once at most and is at rest, what is spent is what was charged, and
 * nothing half done lies about. Answers the log.
 */
export const checkAfterCrash = async (
  domain: TestDomain,
  known: readonly Entry[],
): Promise<readonly Entry[]> => {
  const { entries, spent } = await eventually(() => logAndLedger(domain))
  expect(entries.slice(0, known.length)).toEqual(known)
  const ids = new Set(
    entries.filter(({ subject }) => subject.type === 'submission').map(({ subject }) => subject.id),
  )
  for (const id of ids) {
    const events = eventsOf(entries, id)
    for (const once of ['submission/received', 'ledger/charged', 'run/started', 'result/released'])
      expect(events.filter((event) => event === once).length, once).toBeLessThanOrEqual(1)
  }
  expect(spent).toEqual(chargedIn(entries))
  expect(readdirSync(join(domain.home, 'staging'))).toEqual([])
  const versions = entries.filter(({ event }) => event === 'version/published').length
  expect(readdirSync(join(domain.home, 'published'))).toHaveLength(versions)
  return entries
}

/** The log, and the ledger of the same moment: undefined where something was charged meanwhile, for the keeper goes on. */
const logAndLedger = async (
  domain: TestDomain,
): Promise<{ entries: readonly Entry[]; spent: Record<string, number> } | undefined> => {
  const before = await spentOf(domain)
  const entries = await verifiedLog(domain)
  const spent = await spentOf(domain)
  return isDeepStrictEqual(before, spent) ? { entries, spent } : undefined
}

/** What all agreements have spent, by kind of entity, in 1e-9 of rho; the lines of the domain must say the same. */
export const spentOf = async ({ call, keys }: TestDomain): Promise<Record<string, number>> => {
  const { agreements } = need(await call(keys.operator, 'agreement/list', {}))
  const lines = agreements.flatMap(({ ledger }) => ledger)
  const sums: Record<string, number> = {}
  for (const { scope, kind, spent } of lines)
    if (scope === 'agreement' && spent.rho > 0) sums[kind] = (sums[kind] ?? 0) + nano(spent.rho)
  for (const { scope, kind, spent } of lines)
    if (scope === 'domain') expect(nano(spent.rho)).toBe(sums[kind] ?? 0)
  return sums
}

const nano = (rho: number): number => Math.round(rho * 1e9)

/** The same, added up from the charges in the log. */
export const chargedIn = (entries: readonly Entry[]): Record<string, number> => {
  const sums: Record<string, number> = {}
  for (const { event, detail } of entries) {
    if (event !== 'ledger/charged') continue
    const amounts = detail['rhoNano'] as string[]
    for (const [index, kind] of (detail['kinds'] as string[]).entries())
      sums[kind] = (sums[kind] ?? 0) + Number(amounts[index])
  }
  return sums
}
