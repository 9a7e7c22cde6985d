import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Outcome } from '../../policies/outcome.ts'
import type { Action } from '../../policies/roles.ts'
import { answer } from '../../sandbox/answer.ts'
import type { Domain } from '../../sandbox/domain.ts'
import type { Input, Output } from '../../sandbox/door.ts'
import { openCheckpoint, verifierOf, type Checkpoint } from '../../sandbox/log/checkpoint.ts'
import { rootOfProof } from '../../sandbox/log/proof.ts'
import { leafHash } from '../../sandbox/log/tree.ts'
import { closeDomain, initDomain, openDomain } from '../../sandbox/open.ts'
import { systemWorld } from '../../sandbox/world.ts'
import { need } from '../support/domain.ts'

let folder = ''
let domain: Domain
let supervisor = ''
/** What the log was signed as after each commit. */
const kept: Checkpoint[] = []

const call = async <A extends Action>(
  key: string,
  action: A,
  input: Input<A>,
): Promise<Outcome<Output<A>>> => {
  const keyDigest = createHash('sha256').update(key).digest('hex')
  return (await answer(domain, { id: 1, keyDigest, action, input })) as Outcome<Output<A>>
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-proof-'))
  const administrator = need(initDomain(join(folder, 'home'), systemWorld)).key
  domain = need(openDomain(join(folder, 'home'), { world: systemWorld }))
  for (let at = 0; at < 8; at += 1) {
    const person = { account: `p${at}`, organisation: 'city', role: 'supervisor', days: 9 } as const
    supervisor = need(await call(administrator, 'account/create', person)).key
    kept.push(openCheckpoint(domain.state.last().note, verifierOf(domain.signer))!)
  }
})
afterAll(() => {
  closeDomain(domain)
  rmSync(folder, { recursive: true })
})

test('every entry is proven in the log of every checkpoint that covers it', async () => {
  for (const { size, root } of kept)
    for (let index = 0; index < size; index += 1) {
      const proof = need(await call(supervisor, 'log/prove', { index, size }))
      const path = proof.path.map((hash) => Buffer.from(hash, 'hex'))
      const found = rootOfProof(leafHash(Buffer.from(proof.entry)), { index, size }, path)
      expect(Buffer.compare(found!, root)).toBe(0)
      expect(proof.size).toBe(size)
    }
})

test('an entry that came later is not in it, and no log is longer than it is', async () => {
  const { size } = kept[3]!
  const ask = (index: number, of: number) => call(supervisor, 'log/prove', { index, size: of })
  expect(await ask(size, size)).toMatchObject({ refusals: [{ code: 'access/not-found' }] })
  const whole = kept.at(-1)!.size
  expect((await ask(0, whole)).ok).toBe(true)
  expect(await ask(0, whole + 1)).toMatchObject({
    refusals: [{ code: 'log/shorter', params: { size: whole, known: whole + 1 } }],
  })
  expect(await ask(0, 0)).toMatchObject({ refusals: [{ code: 'submission/malformed' }] })
})
