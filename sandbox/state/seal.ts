import { createHmac, hash as digest, timingSafeEqual } from 'node:crypto'
import type { SQLInputValue } from 'node:sqlite'
import type { Signer } from '../log/checkpoint.ts'
import type { Head } from '../log/proof.ts'
import type { HashName } from '../log/suite.ts'
import type { Database } from './database.ts'

const logTables: ReadonlySet<string> = new Set([
  'migrations',
  'entries',
  'hashes',
  'checkpoints',
  'seal',
])

/** Every table but the log's own, which are checked against its checkpoints: a table that is added is sealed too. */
const sealedTables = (database: Database): readonly string[] =>
  database
    .all("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .map(({ name }) => String(name))
    .filter((name) => !logTables.has(name))

/**
 * The tables beside the log, sealed: accounts and their roles, states, releases, what is spent. Every row has a term,
 * HMAC under a key that only the domain has; their sum modulo 2^256 is kept up to date with every row written
 * (a multiset hash under a key: Clarke, Devadas, van Dijk, Gassend, Suh, Asiacrypt 2003), and an HMAC of the sum and
 * the log's head is stored with each commit. At opening the sum is counted anew: a row that somebody changed, added,
 * took out, or brought back from an older file, makes it another.
 */
export type Seal = {
  /** The seal to store with the rows as they are now and this head of the log. */
  readonly macOf: (head: Head) => Uint8Array
  /** Whether the seal that is stored is that of the rows and of this head. */
  readonly isWhole: (head: Head) => boolean
  /** Ends a transaction: the rows written in it stay, or are gone again. */
  readonly settle: (isCommitted: boolean) => void
}

/** Counts all rows, and from then on every row written. */
export const openSeal = (database: Database, signer: Signer): Seal => {
  const key = sealKeyOf(signer)
  const { hash } = signer.suite
  const keyed = { key, hash }
  const tables = sealedTables(database)
  let settled = 0n
  for (const table of tables)
    for (const row of database.each(`SELECT * FROM ${table}`))
      settled += termOf(keyed, table, Object.values(row))
  let pending = settled
  database.watch(tables, (sign, table, values) => {
    const term = termOf(keyed, table, values)
    pending = sign > 0 ? pending + term : pending - term
  })
  const macOf = (head: Head): Uint8Array =>
    createHmac(hash, key)
      .update(`seal ${head.size} ${Buffer.from(head.root).toString('hex')} `)
      .update(BigInt.asUintN(256, pending).toString(16))
      .digest()
  return {
    macOf,
    isWhole: (head) => {
      const stored = database.get('SELECT mac FROM seal')?.['mac']
      // Before the first commit there is no seal and there are no rows.
      if (stored === undefined) return head.size === 0 && pending === 0n
      return stored instanceof Uint8Array && timingSafeEqual(macOf(head), stored)
    },
    settle: (isCommitted) => {
      if (isCommitted) settled = pending
      else pending = settled
    },
  }
}

/** A key of its own, derived from the seed of the signing key (RFC 5869). */
const sealKeyOf = ({ seed, suite }: Signer): Uint8Array => suite.derive(seed, 'sluice state seal 1')

type Keyed = { readonly key: Uint8Array; readonly hash: HashName }
type Value = SQLInputValue | undefined

/** Bytes stand as their hash; the tables are STRICT, so no column holds text in one row and bytes in another. */
const termOf = ({ key, hash }: Keyed, table: string, values: readonly Value[]): bigint => {
  const plain = values.map((value) =>
    value instanceof Uint8Array ? digest(hash, value, 'hex') : value,
  )
  const term = createHmac(hash, key).update(`row ${JSON.stringify([table, ...plain])}`)
  return BigInt(`0x${term.digest('hex')}`)
}
