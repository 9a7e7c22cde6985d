import { describe, expect, test } from 'vitest'
import {
  formatVerifier,
  openCheckpoint,
  parseVerifier,
  signCheckpoint,
  signerOf,
  verifierOf,
} from '../../../sandbox/log/checkpoint.ts'
import { leafHash } from '../../../sandbox/log/tree.ts'

/** A checkpoint the Go checksum database published, and its public key: both stand in the open. */
const published = [
  'go.sum database tree',
  '19254946',
  'h9eoRKj4A/u1agb0ArWU744FdzF7o/QztgC64L2t81M=',
  '',
  '— sum.golang.org Az3grvvtPUIwSm8opaNwI5N/xULaFZ0ecAWzWKqGSBGFNwg8tntSSgJui9xh4e/70QazZqhdO1n6bsR2EABgWXeQTwc=',
  '',
].join('\n')
const publishedKey = 'sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8'

const seed = Buffer.alloc(32, 7)
const signer = signerOf('数闸.example/log', seed)
const verifier = verifierOf(signer)
const head = { size: 42, root: leafHash(Buffer.from('x')) }
const note = signCheckpoint(signer, head)

describe('a checkpoint', () => {
  test('of a public log opens under its public key', () => {
    const key = parseVerifier(publishedKey)
    expect(key).toBeDefined()
    expect(formatVerifier(key!)).toBe(publishedKey)
    const checkpoint = openCheckpoint(published, key!)
    expect(checkpoint).toMatchObject({ origin: 'go.sum database tree', size: 19254946 })
  })

  test('that was signed here opens to what was signed', () => {
    expect(openCheckpoint(note, verifier)).toEqual({
      origin: '数闸.example/log',
      ...head,
      hash: 'sha256',
    })
    expect(openCheckpoint(note, parseVerifier(formatVerifier(verifier))!)).toBeDefined()
  })

  test('also opens with the signatures of witnesses beside its own', () => {
    const witness = signerOf('witness.example', Buffer.alloc(32, 9))
    const line = signCheckpoint(witness, head).split('\n').at(-2)!
    expect(openCheckpoint(`${note}${line}\n`, verifier)).toBeDefined()
    const [text] = note.split('\n\n')
    expect(openCheckpoint(`${text}\n\n${line}\n`, verifier)).toBeUndefined()
  })

  test('with any character changed does not open', () => {
    for (let at = 0; at < note.length; at += 1) {
      const changed = note.slice(0, at) + (note[at] === 'A' ? 'B' : 'A') + note.slice(at + 1)
      expect(openCheckpoint(changed, verifier), `at ${at}`).toBeUndefined()
    }
  })

  test.each([
    ['cut', note.slice(0, -1)],
    ['without a signature', note.slice(0, note.indexOf('—'))],
    ['with an extension line', note.replace('\n\n', '\nmore\n\n')],
    ['with a size that begins with 0', note.replace('\n42\n', '\n042\n')],
    ['with CR LF', note.replaceAll('\n', '\r\n')],
    ['with base64 spelled otherwise', note.replace(/=\n/, '\n')],
    ['of nothing', ''],
    ['with a line that is no signature', `${note}signed, everybody\n`],
    ['with more witnesses than anybody has', note + note.split('\n\n')[1]!.repeat(100)],
  ])('%s does not open', (_, text) => {
    expect(openCheckpoint(text, verifier)).toBeUndefined()
  })

  test.each([
    ['with an extension line', 'o\n1\nh9eoRKj4A/u1agb0ArWU744FdzF7o/QztgC64L2t81M=\nmore\n'],
    ['with a size that begins with 0', 'o\n01\nh9eoRKj4A/u1agb0ArWU744FdzF7o/QztgC64L2t81M=\n'],
    [
      'with a size too large to count',
      'o\n99999999999999999999\nh9eoRKj4A/u1agb0ArWU744FdzF7o/QztgC64L2t81M=\n',
    ],
    ['with a short root', 'o\n1\nh9eoRKj4A/u1ag==\n'],
    ['without an origin', '\n1\nh9eoRKj4A/u1agb0ArWU744FdzF7o/QztgC64L2t81M=\n'],
  ])('%s does not open even when signed', (_, text) => {
    const id = Buffer.from(formatVerifier(verifier).split('+')[1]!, 'hex')
    const signature = Buffer.concat([id, signer.sign(Buffer.from(text))])
    const signed = `${text}\n— ${signer.name} ${signature.toString('base64')}\n`
    expect(openCheckpoint(signed, verifier)).toBeUndefined()
  })
})

describe('a verifier', () => {
  test.each([
    ['with another key id', publishedKey.replace('033de0ae', '033de0af')],
    ['with another name', `x${publishedKey}`],
    ['with another key type', publishedKey.replace('+Ac4z', '+As4z')],
    ['with a short key', 'a+033de0ae+Ac4z'],
    ['without a name', publishedKey.slice(publishedKey.indexOf('+'))],
  ])('%s is refused', (_, text) => {
    expect(parseVerifier(text)).toBeUndefined()
  })

  test('has a name without white space and `+`', () => {
    for (const name of ['', 'a b', 'a+b', 'a\nb'])
      expect(() => signerOf(name, seed)).toThrow(RangeError)
  })
})
