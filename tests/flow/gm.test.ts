import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseVerifier } from '../../sandbox/log/checkpoint.ts'
import { killKeeper, verifiedLog } from '../support/crash.ts'
import {
  makeHomeFrom,
  need,
  openTestDomain,
  publishFiles,
  setHome,
  writeCity,
  type KeptDomain,
} from '../support/domain.ts'

/** A domain of the suite gm, from its making to the log that is taken away and verified. */
const folder = mkdtempSync(join(tmpdir(), 'sluice-gm-'))
const home = join(folder, 'home')
let domain: KeptDomain

beforeAll(async () => {
  const keys = await makeHomeFrom(
    home,
    async (made) => {
      await writeCity(join(folder, 'city'))
      await publishFiles(made, join(folder, 'city'))
    },
    'gm',
  )
  // Whatever is at the people door is told when the longest run would be over: a short one here.
  setHome(home, { runner: { timeoutMs: 2500, graceMs: 100 }, failureMs: 4600 })
  domain = await openTestDomain(home, keys)
})
afterAll(async () => {
  await domain.stop()
  rmSync(folder, { recursive: true })
})

test('a domain of the suite gm answers, keeps its log under SM2 and SM3, and opens again after a crash (S4-18)', async () => {
  expect(JSON.parse(readFileSync(join(home, 'keyring.json'), 'utf8'))).toMatchObject({
    suite: 'gm',
  })
  const sql = 'select district, count(*) as n from ent_registry group by district'
  expect(await domain.ask({ sql })).toMatchObject({ state: 'released' })
  const { verifier } = need(await domain.call(domain.keys.bank, 'log/checkpoint', {}))
  expect(parseVerifier(verifier)?.suite.name).toBe('gm')
  expect(need(await domain.call(domain.keys.operator, 'domain/status', {})).suite).toBe('gm')
  const before = await verifiedLog(domain)
  await killKeeper(domain)
  domain = await openTestDomain(home, domain.keys)
  const after = await verifiedLog(domain)
  expect(after.slice(0, before.length)).toEqual(before)
})

test('what waits for people in it is sealed with SM4 and unsealed for the reviewer', async () => {
  const sql = 'select district, count(*) as n from ent_registry group by district'
  const { id } = await domain.ask({ sql, door: 'people' })
  const shown = await domain.call(domain.keys.reviewer, 'review/show', { id })
  expect(shown).toMatchObject({ ok: true, value: { id } })
})
