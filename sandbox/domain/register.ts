import { suites } from '../log/suite.ts'
import type { PublishJob, RegisterJob } from '../run/publisher-protocol.ts'
import { quoteName, type Engine } from '../run/engine.ts'
import { rawTable } from './load.ts'
import { digestBytes, digestsOfTokens } from './token.ts'
import { attachFile, closeFile } from './workshop.ts'

/**
 * The register of entities of one kind: HMAC-SHA-256 of the normal form of an identifier, cut to 128 bits, and the
 * entity's surrogate. A token leads to the same digest (`token.ts`), so an entity is one whichever way it comes, and one
 * that is known by its token alone is an entity like the others.
 * Surrogates are dense from 1 and never used twice. The new ones of a batch are given in the order of a hash of the HMAC
 * and a fresh nonce, so that a surrogate tells nothing but in which batch its entity came first.
 *
 * A register file is never written twice: a batch with new entities makes a new file, which counts from the moment the
 * keeper commits it together with the published file that uses it.
 */
export type Registered = {
  /** A temporary table (identifier VARCHAR, digest BLOB, surrogate BIGINT) with every entity of the raw rows. */
  readonly map: string
  readonly entities: number
  /** Whether a new file was written. */
  readonly grown: boolean
}

/** Finds or gives a surrogate for every identifier or token in a column of the raw rows; `paths` are of the register files. */
export const register = async (
  engine: Engine,
  { kind, key, ...digesting }: Pick<RegisterJob, 'kind' | 'key' | 'hmacKey' | 'token'>,
  paths: { readonly current?: string; readonly next: string },
  { column, nonce }: { readonly column: string; readonly nonce: bigint },
): Promise<Registered> => {
  const [found, map] = [quoteName(`found_${kind}`), quoteName(`map_${kind}`)]
  await digestAll(engine, found, column, digesting)
  if (paths.current !== undefined)
    await attachFile(engine, { path: paths.current, alias: 'current', key }, 'read')
  const base = paths.current === undefined ? 0 : await countOf(engine, known)
  await engine.query(
    `CREATE TEMP TABLE ${map} AS SELECT identifier, digest, CASE WHEN surrogate IS NOT NULL THEN surrogate ` +
      `ELSE CAST($1 AS BIGINT) + row_number() OVER (PARTITION BY surrogate IS NULL ORDER BY hash(digest, $2)) END AS surrogate ` +
      `FROM ${paths.current === undefined ? `(SELECT *, CAST(NULL AS BIGINT) AS surrogate FROM ${found})` : `${found} LEFT JOIN ${known} USING (digest)`}`,
    [BigInt(base), nonce],
  )
  await engine.query(`DROP TABLE ${found}`)
  const fresh = await countOf(engine, `${map} WHERE surrogate > ${base}`)
  if (fresh > 0) await append(engine, { map, base, key }, paths)
  if (paths.current !== undefined) await engine.query('DETACH "current"')
  return { map, entities: base + fresh, grown: fresh > 0 }
}

const known = '"current".main.entity'

/** Makes a temporary table (identifier VARCHAR, digest BLOB) of what stands in a column of the raw rows, each once. */
const digestAll = async (
  engine: Engine,
  table: string,
  column: string,
  { hmacKey, token }: Pick<RegisterJob, 'hmacKey' | 'token'>,
): Promise<void> => {
  const distinct =
    `SELECT identifier FROM (SELECT DISTINCT ${identifierSql(column)} AS identifier FROM ${rawTable}) ` +
    'WHERE identifier IS NOT NULL'
  if (token !== undefined) return openTokens(engine, table, distinct, token)
  const digest = `left(${hmacHexSql('identifier', 1)}, ${2 * digestBytes})`
  await engine.query(
    `CREATE TEMP TABLE ${table} AS SELECT identifier, unhex(${digest}) AS digest FROM (${distinct})`,
    padsOf(hmacKey),
  )
}

/** Tokens that are opened at a time. */
const pageSize = 50_000

const openTokens = async (
  engine: Engine,
  table: string,
  distinct: string,
  { suite, key }: NonNullable<RegisterJob['token']>,
): Promise<void> => {
  const waiting = 'temp.main.token'
  await engine.query(`CREATE TEMP TABLE token AS ${distinct}`)
  await engine.query(`CREATE TEMP TABLE ${table} (identifier VARCHAR, digest BLOB)`)
  const count = await countOf(engine, waiting)
  for (let from = 0; from < count; from += pageSize) {
    const page = `SELECT identifier FROM ${waiting} WHERE rowid >= ${from} AND rowid < ${from + pageSize}`
    const { rows } = await engine.query(page)
    const tokens = rows.map(([token]) => String(token))
    const digests = digestsOfTokens({ suite: suites[suite], key }, tokens)
    await engine.query(
      `INSERT INTO ${table} SELECT unnest(string_split($1, ',')), unhex(unnest(string_split($2, ',')))`,
      [tokens.join(','), digests.join(',')],
    )
  }
  await engine.query(`DROP TABLE ${waiting}`)
}

/** Writes the next register: everything of the current one, then what is new. */
const append = async (
  engine: Engine,
  { map, base, key }: { map: string; base: number; key: Uint8Array },
  paths: { readonly current?: string; readonly next: string },
): Promise<void> => {
  await attachFile(engine, { path: paths.next, alias: 'next', key }, 'write')
  await engine.query(
    'CREATE TABLE next.main.entity (digest BLOB NOT NULL, surrogate BIGINT NOT NULL)',
  )
  if (paths.current !== undefined) await engine.query(`INSERT INTO next.main.entity FROM ${known}`)
  await engine.query(
    `INSERT INTO next.main.entity SELECT digest, surrogate FROM ${map} WHERE surrogate > ${base} ORDER BY surrogate`,
  )
  await closeFile(engine, 'next')
}

const countOf = async (engine: Engine, from: string): Promise<number> =>
  Number((await engine.query(`SELECT count(*) FROM ${from}`)).rows[0]?.[0])

/** An identifier column of the raw rows as text in normal form. */
export const identifierSql = (column: string): string => `CAST(${quoteName(column)} AS VARCHAR)`

/**
 * HMAC-SHA-256 (RFC 2104) of a text expression, in hexadecimal. Parameters `$first` and the next are the padded keys of
 * `padsOf`: bound, so that no key stands in the text of a statement.
 */
const hmacHexSql = (textSql: string, first: number): string =>
  `sha256(unhex($${first + 1}) || unhex(sha256(unhex($${first}) || encode(${textSql}))))`

/** The inner and the outer padded key, in hexadecimal. */
const padsOf = (key: Uint8Array): readonly string[] =>
  [0x36, 0x5c].map((pad) =>
    hex(Uint8Array.from({ length: 64 }, (_, position) => (key[position] ?? 0) ^ pad)),
  )

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** A bug where there is none: the keeper gives one for each kind of the dataset. */
export const registerOf = (job: PublishJob, kind: string): RegisterJob => {
  const found = job.registers.find((register) => register.kind === kind)
  if (found === undefined) throw new Error('a job without the register of one of its kinds')
  return found
}
