import { copyFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  checkAfterCrash,
  eventually,
  freeze,
  happens,
  isGone,
  signal,
  verifiedLog,
} from '../support/crash.ts'
import {
  openTestDomain,
  policyName,
  preparedHome,
  writeCity,
  type KeptDomain,
  type Prepared,
} from '../support/domain.ts'

/** A keeper whose children are killed. */
let prepared: Prepared
let domain: KeptDomain

beforeAll(async () => {
  prepared = await preparedHome()
  domain = await openTestDomain(prepared.home, prepared.keys)
})
afterAll(async () => {
  await domain.stop()
  prepared.remove()
})

const counted = (column: string, table = 'ent_registry'): string =>
  `select ${column}, count(*) as n from ${table} group by ${column}`

const sizeOf = async (): Promise<number> => (await verifiedLog(domain)).length

test('a checker killed while it reads a text turns it down, and the next text meets a new one', async () => {
  const from = await sizeOf()
  const checkers = await freeze(domain.keeper, 'checker-process', 2)
  const asked = domain.ask({ sql: counted('district') })
  await happens(domain, 'submission/received', from)
  signal(checkers, 'SIGKILL')
  expect(await asked).toMatchObject({
    state: 'refused',
    cost: [],
    refusals: [{ code: 'query/too-complex' }],
  })
  expect(await domain.ask({ sql: counted('district') })).toMatchObject({ state: 'released' })
})

test('a text that takes a checker too long is turned down, and its checker is killed', async () => {
  const checkers = await freeze(domain.keeper, 'checker-process', 2)
  const view = await domain.ask({ sql: counted('status') })
  expect(view).toMatchObject({ state: 'refused', refusals: [{ code: 'query/too-complex' }] })
  // The composer, which never meets a text, was stopped too and is still there.
  await eventually(() => (checkers.filter(isGone).length === 1 ? true : undefined))
  signal(checkers, 'SIGCONT')
  expect(await domain.ask({ sql: counted('status') })).toMatchObject({ state: 'released' })
})

test('a publisher killed during an ingest leaves nothing half done', async () => {
  const known = await verifiedLog(domain)
  const before = readdirSync(join(prepared.home, 'vault'))
  await writeCity(join(prepared.home, '..', 'city'))
  const file = 'tax_declaration.csv'
  copyFileSync(join(prepared.home, '..', 'city', file), join(prepared.home, 'inbox', file))
  const ingested = domain.call(domain.keys.operator, 'dataset/ingest', {
    dataset: 'tax_declaration',
    policy: policyName,
    file,
  })
  await eventually(() => readdirSync(join(prepared.home, 'staging'))[0])
  signal(await freeze(domain.keeper, 'publisher-process'), 'SIGKILL')
  expect(await ingested).toMatchObject({ refusals: [{ code: 'source/publishing-failed' }] })
  await checkAfterCrash(domain, known)
  expect(readdirSync(join(prepared.home, 'vault'))).toEqual(before)
  expect(existsSync(join(prepared.home, 'inbox', file))).toBe(true)
})

test('nothing is published from a raw version that is not the one it was', async () => {
  for (const name of readdirSync(join(prepared.home, 'vault')))
    writeFileSync(join(prepared.home, 'vault', name), 'something else')
  const input = { dataset: 'ent_registry', policy: policyName }
  expect(await domain.call(domain.keys.operator, 'dataset/ingest', input)).toMatchObject({
    refusals: [{ code: 'domain/file-changed', params: { dataset: 'ent_registry' } }],
  })
})
