import { createHmac } from 'node:crypto'
import { tokenPrefix } from '../../connectors/standards/token.ts'
import type { Suite } from '../log/suite.ts'

/** Bytes of a register's digests: HMAC-SHA-256 cut to 128 bits (RFC 2104 section 5). */
export const digestBytes = 16

/** The digest by which a register knows an identifier in normal form (`register.ts` does the same in SQL). */
export const registerDigest = (hmacKey: Uint8Array, identifier: string): Uint8Array =>
  createHmac('sha256', hmacKey).update(identifier).digest().subarray(0, digestBytes)

/** Under which key of which agreement, and by which cipher. */
export type TokenKey = { readonly suite: Pick<Suite, 'permute'>; readonly key: Uint8Array }

/** The keyring's entry for the tokens of one agreement and kind: 32 random bytes that end with the agreement. */
export const tokenIdentity = (agreement: string, kind: string): string =>
  `token/${agreement}/${kind}`

/**
 * The tokens of an agreement for digests of a register, in order: each digest, itself not to be told from random bytes, as
 * a block of the suite's cipher under the agreement's key. Equal digests have equal tokens under one agreement; under two
 * their tokens are as if drawn apart, so nobody without a key joins them.
 */
export const tokensOf = (
  { suite, key }: TokenKey,
  digests: readonly Uint8Array[],
): readonly string[] => {
  const blocks = Buffer.from(suite.permute(key, Buffer.concat(digests), 'there'))
  return digests.map(
    (_, at) =>
      tokenPrefix + blocks.toString('hex', at * digestBytes, (at + 1) * digestBytes).toUpperCase(),
  )
}

/** The digests that tokens stand for, hexadecimal, in order. A token that nobody made stands for a digest of nobody. */
export const digestsOfTokens = (
  { suite, key }: TokenKey,
  tokens: readonly string[],
): readonly string[] => {
  const blocks = Buffer.from(tokens.map((token) => token.slice(tokenPrefix.length)).join(''), 'hex')
  const digests = Buffer.from(suite.permute(key, blocks, 'back'))
  return tokens.map((_, at) => digests.toString('hex', at * digestBytes, (at + 1) * digestBytes))
}
