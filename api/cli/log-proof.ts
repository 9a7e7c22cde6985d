import { existsSync } from 'node:fs'
import { refuse, type Refusal } from '../../policies/refusal.ts'
import { openCheckpoint, parseVerifier, type Checkpoint } from '../../sandbox/log/checkpoint.ts'
import { verifyConsistency, verifyInclusion } from '../../sandbox/log/proof.ts'
import { leafHash } from '../../sandbox/log/tree.ts'
import { verifyExportFile } from '../../sandbox/log/verify.ts'
import type { Answer } from '../client.ts'
import { exits } from './refusal.ts'
import {
  cannotRead,
  readText,
  showAnswer,
  showRefusals,
  showRefused,
  showUsage,
  textOf,
  type Given,
  type Session,
  type Shown,
} from './session.ts'

/** Asks for the proof of one entry and verifies it here, under the verifier's key. */
export const proveEntry = async (session: Session, given: Given): Promise<Shown> => {
  const { t } = session
  const index = Number(given.arguments[0])
  if (!Number.isSafeInteger(index) || index < 0)
    return showUsage(t('an index is a whole number from 0', '条目序号为从 0 起的整数'))
  const key = await verifierText(session, given)
  if (!key.ok) return showRefused(session, key.problem)
  const verifier = parseVerifier(key.value)
  if (verifier === undefined)
    return showUsage(t('--verifier is not a verifier key', '--verifier 不是有效的验证公钥'))
  return showAnswer(session, await session.call('log/prove', { index }), (value) => {
    const checkpoint = openCheckpoint(value.checkpoint, verifier)
    // The entry asked for, in the tree that is signed: what the server says of index and size is not believed.
    const holds =
      checkpoint !== undefined &&
      verifyInclusion(
        leafHash(Buffer.from(value.entry), checkpoint.hash),
        { index, size: checkpoint.size, hash: verifier.suite.hash },
        value.path.map((hash) => Buffer.from(hash, 'hex')),
        checkpoint.root,
      )
    if (holds)
      return {
        data: value,
        text: `${value.entry}\n`,
        talk: `${t(`entry ${index} is in the log of ${value.size} entries`, `条目 ${index} 存在于共 ${value.size} 条的日志中`)}\n`,
      }
    return {
      data: { ...value, code: 'log/not-proven' },
      text: '',
      talk: `${t('the proof does not lead to a checkpoint of this key', '证明与该公钥签署的检查点不符')}\n`,
      exit: exits.integrity,
    }
  })
}

/** Prints the key to verify with, as the server says it. */
export const showKey = async (session: Session): Promise<Shown> =>
  showAnswer(session, await session.call('log/checkpoint', {}), ({ verifier }) => ({
    data: { verifier },
    text: `${verifier}\n`,
  }))

/** The key to verify with: given, or what the server says, which is worth only what the server is. */
const verifierText = async (session: Session, { options }: Given): Promise<Answer<string>> => {
  const given = textOf(options, 'verifier')
  if (given !== undefined) return { ok: true, value: readText(given)?.trim() ?? given }
  const answer = await session.call('log/checkpoint', {})
  return answer.ok ? { ok: true, value: answer.value.verifier } : answer
}

/** A checkpoint kept from before, signed by this key; what to show where it is none. */
const readKept = (session: Session, path: string, key: string): Checkpoint | Shown => {
  const note = readText(path)
  if (note === undefined) return cannotRead(session, path)
  const verifier = parseVerifier(key)
  const kept = verifier && openCheckpoint(note, verifier)
  return kept ?? showRefusals(session, [refuse('log/not-signed', { line: 1 })])
}

/** Asks for the proof that the log goes on from a checkpoint kept from before, and verifies it here. */
export const proveConsistency = async (session: Session, given: Given): Promise<Shown> => {
  const key = await verifierText(session, given)
  if (!key.ok) return showRefused(session, key.problem)
  const kept = readKept(session, given.arguments[0] ?? '', key.value)
  if ('data' in kept) return kept
  const answer = await session.call('log/consistency', { from: kept.size })
  return showAnswer(session, answer, (value) => {
    const verifier = parseVerifier(key.value)
    const now = verifier && openCheckpoint(value.checkpoint, verifier)
    const wrong = inconsistency(kept, now, value.path)
    if (wrong !== undefined) return showRefusals(session, [wrong])
    const talk = session.t(
      `the log begins with the ${kept.size} entries of that checkpoint`,
      `日志的前 ${kept.size} 条与该检查点一致`,
    )
    return { data: value, text: value.checkpoint, talk: `${talk}\n` }
  })
}

const inconsistency = (
  kept: Checkpoint,
  now: Checkpoint | undefined,
  path: readonly string[],
): Refusal | undefined => {
  if (now === undefined) return refuse('log/not-signed', { line: 1 })
  const sizes = { size: now.size, known: kept.size }
  if (now.size < kept.size) return refuse('log/shorter', sizes)
  const proof = path.map((hash) => Buffer.from(hash, 'hex'))
  const holds = now.origin === kept.origin && verifyConsistency(kept, now, proof)
  return holds ? undefined : refuse('log/forked', sizes)
}

export const verifyLog = async (session: Session, given: Given): Promise<Shown> => {
  const { t } = session
  const [path = ''] = given.arguments
  const key = textOf(given.options, 'verifier') ?? ''
  const verifierKey = readText(key)?.trim() ?? key
  if (!existsSync(path)) return cannotRead(session, path)
  const keptPath = textOf(given.options, 'checkpoint')
  const kept = keptPath === undefined ? undefined : readKept(session, keptPath, verifierKey)
  if (kept !== undefined && 'data' in kept) return kept
  const outcome = await session.during(t('verifying', '验证中'), async () =>
    verifyExportFile(path, verifierKey, kept),
  )
  if (!outcome.ok) return { ...showRefusals(session, outcome.refusals), exit: exits.integrity }
  const { size, root, checkpoint } = outcome.value
  return {
    data: outcome.value,
    text: `${size}  ${root}\n`,
    talk: `${t(`${size} entries, whole and signed; compare the checkpoint with one kept elsewhere:`, `共 ${size} 条，完整且签名有效；请与他处留存的检查点比对：`)}\n${checkpoint}`,
  }
}
