import { spawnSync } from 'node:child_process'
import { lstatSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import * as z from 'zod'
import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { refuse } from '../../policies/refusal.ts'
import type { Suite } from '../log/suite.ts'
import type { World } from '../world.ts'

/**
 * Who keeps the domain key. With `file` it stands in the key file as it is. With `environment` and `command` the key file
 * holds it wrapped, by a key from the environment or by a program that may be the way to a device: whoever has the disk
 * alone has no key. The domain key itself is random and replaced at every destruction, whoever keeps it.
 */
export const domainKeySchema = z.discriminatedUnion('source', [
  z.strictObject({
    source: z.literal('file'),
    path: z.string().max(400).refine(isAbsolute, 'an absolute path').optional(),
  }),
  z.strictObject({ source: z.literal('environment') }),
  z.strictObject({
    source: z.literal('command'),
    command: z
      .array(z.string().max(400))
      .min(1)
      .max(16)
      .refine(([program = '']) => isAbsolute(program), 'begins with an absolute path'),
  }),
])
export type DomainKey = z.infer<typeof domainKeySchema>

export type Custody = {
  /** What the key file is to hold. */
  readonly wrap: (suite: Suite, key: Uint8Array) => Outcome<Uint8Array>
  /** The key of what the key file holds; `isOld` where it should be wrapped anew. */
  readonly unwrap: (suite: Suite, stored: Uint8Array) => Outcome<Unwrapped>
}
type Unwrapped = { readonly key: Uint8Array; readonly isOld: boolean }

const keyBytes = 32

export const fileCustody: Custody = {
  wrap: (_, key) => accepted(key),
  unwrap: (_, stored) => accepted({ key: stored, isOld: false }),
}

/** Variables that hold a key, 32 bytes in base64: the one that wraps, and one that wrapped before. */
export const keyVariable = 'SLUICE_DOMAIN_KEY'
export const oldKeyVariable = 'SLUICE_DOMAIN_KEY_PREVIOUS'

type Environment = Readonly<Record<string, string | undefined>>

export const custodyOf = (kept: DomainKey, world: World, environment: Environment): Custody => {
  if (kept.source === 'environment') return environmentCustody(world, environment)
  return kept.source === 'command' ? commandCustody(kept.command) : fileCustody
}

const associated = Buffer.from('sluice domain key 1')

const environmentCustody = (world: World, environment: Environment): Custody => {
  const current = keyOf(environment[keyVariable])
  const old = keyOf(environment[oldKeyVariable])
  const missing = refused(refuse('domain/key-environment', { variable: keyVariable }))
  const open = (suite: Suite, key: Uint8Array, stored: Uint8Array): Uint8Array | undefined => {
    try {
      return suite.unseal({ key: suite.derive(key, 'sluice domain key'), associated }, stored)
    } catch {
      return undefined
    }
  }
  return {
    wrap: (suite, key) => {
      if (current === undefined) return missing
      const nonce = world.randomBytes(suite.nonceBytes)
      const wrapping = { key: suite.derive(current, 'sluice domain key'), nonce, associated }
      return accepted(suite.seal(wrapping, key))
    },
    unwrap: (suite, stored) => {
      if (current === undefined) return missing
      const key = open(suite, current, stored)
      if (key !== undefined) return accepted({ key: new Uint8Array(key), isOld: false })
      const before = old && open(suite, old, stored)
      return before === undefined
        ? refused(refuse('domain/key-other', { variable: keyVariable }))
        : accepted({ key: new Uint8Array(before), isOld: true })
    },
  }
}

const keyOf = (text: string | undefined): Uint8Array | undefined => {
  const bytes = Buffer.from(text ?? '', 'base64')
  return bytes.length === keyBytes && bytes.toString('base64') === text ? bytes : undefined
}

const commandTimeoutMs = 15_000
const answerBytesMax = 4096

/**
 * Runs `<command> wrap` with the key in base64 as its input, or `<command> unwrap` with what that answered; the answer
 * is one line. A key is never among the words of a command: those every user of the machine can read.
 */
const commandCustody = (command: readonly string[]): Custody => {
  const [program = '', ...words] = command
  const failed = refused(refuse('domain/key-command', { program }))
  const run = (use: 'wrap' | 'unwrap', input: string): string | undefined => {
    if (!isTrusted(program)) return undefined
    const { status, stdout } = spawnSync(program, [...words, use], {
      input: `${input}\n`,
      env: {},
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: commandTimeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: answerBytesMax,
      encoding: 'latin1',
    })
    const answer = stdout?.trimEnd() ?? ''
    return status === 0 && /^[\x21-\x7e]{1,4000}$/.test(answer) ? answer : undefined
  }
  return {
    wrap: (_, key) => {
      const answer = run('wrap', Buffer.from(key).toString('base64'))
      return answer === undefined ? failed : accepted(Buffer.from(answer, 'latin1'))
    },
    unwrap: (_, stored) => {
      const key = keyOf(run('unwrap', Buffer.from(stored).toString('latin1')))
      return key === undefined ? failed : accepted({ key: new Uint8Array(key), isOld: false })
    },
  }
}

/** A program that only its owner can change, who is the system or this user. */
const isTrusted = (program: string): boolean => {
  const status = lstatSync(program, { throwIfNoEntry: false })
  if (status?.isFile() !== true || (status.mode & 0o022) !== 0) return false
  return status.uid === 0 || status.uid === process.getuid?.()
}
