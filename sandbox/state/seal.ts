import { createHmac, hash, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { SQLInputValue } from 'node:sqlite'
import type { Signer } from '../log/checkpoint.ts'
import type { Head } from '../log/proof.ts'
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
 * HMAC-SHA256 under a key that only the domain has; their sum modulo 2^256 is kept up to date with every row written
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
  const tables = sealedTables(database)
  let settled = 0n
  for (const table of tables)
    for (const row of database.each(`SELECT * FROM ${table}`))
      settled += termOf(key, table, Object.values(row))
  let pending = settled
  database.watch(tables, (sign, table, values) => {
    const term = termOf(key, table, values)
    pending = sign > 0 ? pending + term : pending - term
  })
  const macOf = (head: Head): Uint8Array =>
    createHmac('sha256', key)
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
const sealKeyOf = ({ privateKey }: Signer): Buffer => {
  const seed = Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url')
  if (seed.length !== 32) throw new Error('the signing key has no seed')
  return Buffer.from(hkdfSync('sha256', seed, '', 'sluice state seal 1', 32))
}

type Value = SQLInputValue | undefined

/** Bytes stand as their hash; the tables are STRICT, so no column holds text in one row and bytes in another. */
const termOf = (key: Buffer, table: string, values: readonly Value[]): bigint => {
  const plain = values.map((value) =>
    value instanceof Uint8Array ? hash('sha256', value, 'hex') : value,
  )
  const term = createHmac('sha256', key).update(`row ${JSON.stringify([table, ...plain])}`)
  return BigInt(`0x${term.digest('hex')}`)
}
