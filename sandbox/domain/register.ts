import { createHmac } from 'node:crypto'
import type { PublishJob, RegisterJob } from '../run/publisher-protocol.ts'
import { quoteName, type Engine } from '../run/engine.ts'
import { rawTable } from './load.ts'
import { attachFile, closeFile } from './workshop.ts'

/**
 * The register of entities of one kind: HMAC-SHA-256 of the normal form of an identifier, and the entity's surrogate.
 * Surrogates are dense from 1 and never used twice. The new ones of a batch are given in the order of a hash with a fresh
 * nonce, so that a surrogate tells nothing but in which batch its entity came first.
 *
 * A register file is never written twice: a batch with new entities makes a new file, which counts from the moment the
 * keeper commits it together with the published file that uses it.
 */
export type Registered = {
  /** A temporary table (identifier VARCHAR, surrogate BIGINT) with every entity of the raw rows. */
  readonly map: string
  readonly entities: number
  /** Whether a new file was written. */
  readonly grown: boolean
}

/** Finds or gives a surrogate for every identifier in a column of the raw rows; `paths` are of the register files. */
export const register = async (
  engine: Engine,
  { kind, key, hmacKey }: Pick<RegisterJob, 'kind' | 'key' | 'hmacKey'>,
  paths: { readonly current?: string; readonly next: string },
  { column, nonce }: { readonly column: string; readonly nonce: Uint8Array },
): Promise<Registered> => {
  const [tokens, known, map] = ['tokens', 'known', 'map'].map((name) =>
    quoteName(`${name}_${kind}`),
  ) as [string, string, string]
  await engine.query(
    `CREATE TEMP TABLE ${tokens} AS SELECT identifier, ${hmacSql('identifier', 1)} AS digest FROM ` +
      `(SELECT DISTINCT ${identifierSql(column)} AS identifier FROM ${rawTable}) WHERE identifier IS NOT NULL`,
    padsOf(hmacKey),
  )
  const base = await compare(engine, { tokens, known, key }, paths.current)
  const fresh = await countOf(engine, `${known} WHERE surrogate IS NULL`)
  if (fresh > 0) await append(engine, { known, key, nonce, base }, paths)
  await engine.query(
    fresh > 0
      ? `CREATE TEMP TABLE ${map} AS SELECT identifier, entity.surrogate FROM ${known} JOIN next.main.entity USING (digest)`
      : `CREATE TEMP TABLE ${map} AS SELECT identifier, surrogate FROM ${known}`,
  )
  if (fresh > 0) await closeFile(engine, 'next')
  for (const table of [tokens, known]) await engine.query(`DROP TABLE ${table}`)
  return { map, entities: base + fresh, grown: fresh > 0 }
}

/** Looks tokens up in the current register; returns how many entities that has. */
const compare = async (
  engine: Engine,
  { tokens, known, key }: { tokens: string; known: string; key: Uint8Array },
  current: string | undefined,
): Promise<number> => {
  if (current === undefined) {
    await engine.query(
      `CREATE TEMP TABLE ${known} AS SELECT identifier, digest, CAST(NULL AS BIGINT) AS surrogate FROM ${tokens}`,
    )
    return 0
  }
  await attachFile(engine, { path: current, alias: 'current', key }, 'read')
  await engine.query(
    `CREATE TEMP TABLE ${known} AS SELECT identifier, ${tokens}.digest, entity.surrogate ` +
      `FROM ${tokens} LEFT JOIN "current".main.entity USING (digest)`,
  )
  const base = await countOf(engine, '"current".main.entity')
  await engine.query('DETACH "current"')
  return base
}

const append = async (
  engine: Engine,
  batch: { known: string; key: Uint8Array; nonce: Uint8Array; base: number },
  paths: { readonly current?: string; readonly next: string },
): Promise<void> => {
  await attachFile(engine, { path: paths.next, alias: 'next', key: batch.key }, 'write')
  await engine.query(
    'CREATE TABLE next.main.entity (digest BLOB NOT NULL, surrogate BIGINT NOT NULL)',
  )
  if (paths.current !== undefined) {
    await attachFile(engine, { path: paths.current, alias: 'current', key: batch.key }, 'read')
    await engine.query('INSERT INTO next.main.entity FROM "current".main.entity')
    await engine.query('DETACH "current"')
  }
  await engine.query(
    `INSERT INTO next.main.entity SELECT digest, CAST($1 AS BIGINT) + row_number() OVER ` +
      `(ORDER BY sha256(unhex($2) || digest)) AS surrogate FROM ${batch.known} WHERE surrogate IS NULL ORDER BY surrogate`,
    [BigInt(batch.base), hex(batch.nonce)],
  )
}

const countOf = async (engine: Engine, from: string): Promise<number> =>
  Number((await engine.query(`SELECT count(*) FROM ${from}`)).rows[0]?.[0])

/** An identifier column of the raw rows as text in normal form. */
export const identifierSql = (column: string): string => `CAST(${quoteName(column)} AS VARCHAR)`

/**
 * HMAC-SHA-256 (RFC 2104) of a text expression, as BLOB. Parameters `$first` and the next are the padded keys of
 * `padsOf`: bound, so that no key stands in the text of a statement.
 */
export const hmacSql = (textSql: string, first: number): string =>
  `unhex(sha256(unhex($${first + 1}) || unhex(sha256(unhex($${first}) || encode(${textSql})))))`

/** The inner and the outer padded key, in hexadecimal. */
export const padsOf = (key: Uint8Array): readonly string[] =>
  [0x36, 0x5c].map((pad) =>
    hex(Uint8Array.from({ length: 64 }, (_, position) => (key[position] ?? 0) ^ pad)),
  )

/** A key for another use of the same register (RFC 5869 in one step: the input is a uniform key). */
export const derivedKey = (hmacKey: Uint8Array, use: string): Uint8Array =>
  new Uint8Array(createHmac('sha256', hmacKey).update(use).digest())

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** A bug where there is none: the keeper gives one for each kind of the dataset. */
export const registerOf = (job: PublishJob, kind: string): RegisterJob => {
  const found = job.registers.find((register) => register.kind === kind)
  if (found === undefined) throw new Error('a job without the register of one of its kinds')
  return found
}
