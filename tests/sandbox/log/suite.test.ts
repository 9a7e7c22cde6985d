import { createCipheriv, createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { rmSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { accepted } from '../../../policies/outcome.ts'
import {
  formatVerifier,
  openCheckpoint,
  parseVerifier,
  signCheckpoint,
  signerOf,
  verifierOf,
} from '../../../sandbox/log/checkpoint.ts'
import { commitmentOf } from '../../../sandbox/log/entry.ts'
import { verifyConsistency, verifyInclusion } from '../../../sandbox/log/proof.ts'
import { openSm2Key, sm2KeyOf, verifySm2 } from '../../../sandbox/log/sm2.ts'
import { suiteNames } from '../../../sandbox/log/suite-name.ts'
import { suites } from '../../../sandbox/log/suite.ts'
import { leafHash } from '../../../sandbox/log/tree.ts'
import { verifyExport } from '../../../sandbox/log/verify.ts'
import { exportPart } from '../../../sandbox/state/export.ts'
import { consistencyOf, entryAt, inclusionOf } from '../../../sandbox/state/log.ts'
import { draft, openingOf, openTest, temporaryFolder } from '../../support/state.ts'
import { naiveSm2Verify } from '../../support/sm2.ts'

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')
const sm3 = (...parts: Uint8Array[]): Buffer =>
  createHash('sm3').update(Buffer.concat(parts)).digest()

describe('the algorithms of the suite gm are those of the published examples', () => {
  test('SM3 (GB/T 32905, A.1 and A.2)', () => {
    expect(sm3(Buffer.from('abc')).toString('hex')).toBe(
      '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0',
    )
    expect(sm3(Buffer.from('abcd'.repeat(16))).toString('hex')).toBe(
      'debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732',
    )
  })

  test('SM4 (GB/T 32907, A.1)', () => {
    const key = hex('0123456789abcdeffedcba9876543210')
    const cipher = createCipheriv('sm4-ecb', key, null).setAutoPadding(false)
    expect(cipher.update(key).toString('hex')).toBe('681edf34d206965e86b3e94f536e4246')
  })

  const example = {
    secret: 0x3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8n,
    publicKey: hex(
      '04 09f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020' +
        'ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13',
    ),
    message: Buffer.from('message digest'),
    signature: hex(
      'f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3' +
        'b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa',
    ),
  }
  test('SM2 (GB/T 32918.5, A.2)', () => {
    const { secret, publicKey, message, signature } = example
    const key = sm2KeyOf(secret)
    expect(Buffer.from(key.publicKey)).toEqual(publicKey)
    expect(verifySm2(publicKey, message, signature)).toBe(true)
    expect(naiveSm2Verify(publicKey, message, key.sign(message))).toBe(true)
  })

  test('SM2 turns down every signature with a bit changed, and numbers out of range', () => {
    const { publicKey, message, signature } = example
    for (let at = 0; at < signature.length; at += 1) {
      const changed = Buffer.from(signature)
      changed[at]! ^= 1
      expect(verifySm2(publicKey, message, changed)).toBe(false)
    }
    const order = hex('fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123')
    const [r, s] = [signature.subarray(0, 32), signature.subarray(32)]
    for (const [left, right] of [
      [Buffer.alloc(32), s],
      [r, Buffer.alloc(32)],
      [order, s],
      [r, order],
      [order, Buffer.alloc(32)],
    ] as const)
      expect(verifySm2(publicKey, message, Buffer.concat([left, right]))).toBe(false)
    expect(verifySm2(publicKey, message, signature.subarray(1))).toBe(false)
    expect(verifySm2(publicKey, Buffer.from('message Digest'), signature)).toBe(false)
    for (const wrong of [publicKey.subarray(1), Buffer.alloc(65, 4), Buffer.alloc(65)])
      expect(verifySm2(wrong, message, signature)).toBe(false)
  })
})

test('SM2 signs what a second implementation, written from the standard, verifies', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.uint8Array({ maxLength: 80 }),
      (seed, message) => {
        const key = openSm2Key(seed)
        const signature = key.sign(message)
        expect(verifySm2(key.publicKey, message, signature)).toBe(true)
        expect(naiveSm2Verify(key.publicKey, message, signature)).toBe(true)
        const other = Buffer.concat([message, Buffer.of(1)])
        expect(verifySm2(key.publicKey, other, signature)).toBe(false)
        expect(naiveSm2Verify(key.publicKey, other, signature)).toBe(false)
      },
    ),
    { numRuns: 10 },
  )
  expect(() => openSm2Key(new Uint8Array(31))).toThrow(RangeError)
})

describe.each(suiteNames)('the suite %s', (name) => {
  const suite = suites[name]
  const key = Buffer.alloc(32, 3)
  const nonce = Buffer.alloc(suite.nonceBytes, 4)
  const associated = Buffer.from('version/one')
  const bytes = Buffer.from('32 bytes of a key of the domain.')
  const sealed = Buffer.from(suite.seal({ key, nonce, associated }, bytes))

  test('unseals what it sealed, and nothing that was changed, moved or shortened', () => {
    expect(suite.unseal({ key, associated }, sealed)).toEqual(bytes)
    expect(sealed.includes(bytes)).toBe(false)
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed)
      changed[at]! ^= 1
      expect(() => suite.unseal({ key, associated }, changed), `at ${at}`).toThrow()
      expect(() => suite.unseal({ key, associated }, sealed.subarray(0, at))).toThrow()
    }
    const other = Buffer.alloc(32, 9)
    expect(() => suite.unseal({ key: other, associated }, sealed)).toThrow()
    for (const elsewhere of ['version/two', 'version/on', ''])
      expect(() => suite.unseal({ key, associated: Buffer.from(elsewhere) }, sealed)).toThrow()
  })

  test('gives each use a key of its own', () => {
    const keys = [suite.derive(key, 'wrap'), suite.derive(key, 'seal'), suite.derive(bytes, 'wrap')]
    expect(new Set(keys.map((each) => Buffer.from(each).toString('hex'))).size).toBe(3)
  })

  test('keeps a log that is proven and verified under its own key alone', async () => {
    const signer = signerOf('sluice.example/log', Buffer.alloc(32, 7), name)
    const verifier = parseVerifier(formatVerifier(verifierOf(signer)))!
    expect(formatVerifier(verifier)).toBe(formatVerifier(verifierOf(signer)))
    const folder = temporaryFolder()
    const state = openTest(folder, { signer })
    for (let at = 0; at < 13; at += 1) state.commit(() => accepted(0), [draft(`${at}`)])
    const old = openCheckpoint(state.last().note, verifier)!
    state.commit(() => accepted(0), [draft('more')])
    const now = openCheckpoint(state.last().note, verifier)!
    const { hash } = suite
    const leaf = leafHash(Buffer.from(entryAt(state.reader, 5)!.body), hash)
    const path = inclusionOf(state.reader, 5, 14, hash)
    expect(verifyInclusion(leaf, { index: 5, size: 14, hash }, path, now.root)).toBe(true)
    const between = consistencyOf(state.reader, 13, 14, hash)
    expect(verifyConsistency(old, now, between)).toBe(true)
    const { lines } = exportPart(state.reader, signer, { from: 0, size: 14, limit: 99 })
    const text = Buffer.from(lines.map((line) => `${line}\n`).join(''))
    state.close()
    expect(openingOf(folder, { signer })).toBe('opened')
    const others = suiteNames.filter((other) => other !== name)
    for (const other of others) {
      const stranger = signerOf('sluice.example/log', Buffer.alloc(32, 7), other)
      expect(openingOf(folder, { signer: stranger })).toBe('state/other-key')
      expect(openCheckpoint(signCheckpoint(stranger, now), verifier)).toBeUndefined()
      const hash = suites[other].hash
      expect(verifyInclusion(leaf, { index: 5, size: 14, hash }, path, now.root)).toBe(false)
    }
    rmSync(folder, { recursive: true })
    expect(await verifyExport([text], formatVerifier(verifier))).toMatchObject({
      value: { size: 14 },
    })
    text[text.indexOf('"log"') + 1]! ^= 1
    expect((await verifyExport([text], formatVerifier(verifier))).ok).toBe(false)
  })

  test('hashes leaves and commitments', () => {
    const sum = (...parts: Uint8Array[]): Buffer =>
      createHash(suite.hash).update(Buffer.concat(parts)).digest()
    expect(Buffer.from(leafHash(bytes, suite.hash))).toEqual(sum(Buffer.of(0), bytes))
    expect(commitmentOf(key, bytes, suite.hash)).toBe(sum(key, bytes).toString('hex'))
  })
})
