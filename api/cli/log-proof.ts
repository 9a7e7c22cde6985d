import { existsSync, renameSync, writeFileSync } from 'node:fs'
import { refuse, type Refusal } from '../../policies/refusal.ts'
import { openCheckpoint, parseVerifier, type Checkpoint } from '../../sandbox/log/checkpoint.ts'
import { verifyConsistency } from '../../sandbox/log/proof.ts'
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

/** Prints the key to verify with, as the server says it. */
export const showKey = async (session: Session): Promise<Shown> =>
  showAnswer(session, await session.call('log/checkpoint', {}), ({ verifier }) => ({
    data: { verifier },
    text: `${verifier}\n`,
  }))

/** The key to verify with: given, or what the server says, which is worth only what the server is. */
export const verifierText = async (
  session: Session,
  { options }: Given,
): Promise<Answer<string>> => {
  const given = textOf(options, 'verifier')
  if (given !== undefined) return { ok: true, value: readText(given)?.trim() ?? given }
  const answer = await session.call('log/checkpoint', {})
  return answer.ok ? { ok: true, value: answer.value.verifier } : answer
}

/** A checkpoint kept from before, signed by this key; what to show where it is none. */
export const readKept = (session: Session, path: string, key: string): Checkpoint | Shown => {
  const note = readText(path)
  if (note === undefined) return cannotRead(session, path)
  const verifier = parseVerifier(key)
  const kept = verifier && openCheckpoint(note, verifier)
  return kept ?? showRefusals(session, [refuse('log/not-signed', { line: 1 })])
}

/**
 * Asks for the proof that the log goes on from a checkpoint kept from before, and verifies it here. With `--keep` the
 * present checkpoint takes the place of the kept one once that is proven, or is the first that is kept: since each goes on
 * from the one before, the last one stands for all.
 */
export const proveConsistency = async (session: Session, given: Given): Promise<Shown> => {
  const [path = ''] = given.arguments
  const isKept = given.options['keep'] === true
  const key = await verifierText(session, given)
  if (!key.ok) return showRefused(session, key.problem)
  if (isKept && !existsSync(path)) return keepFirst(session, path, key.value)
  const kept = readKept(session, path, key.value)
  if ('data' in kept) return kept
  const answer = await session.call('log/consistency', { from: kept.size })
  return showAnswer(session, answer, (value) => {
    const verifier = parseVerifier(key.value)
    const now = verifier && openCheckpoint(value.checkpoint, verifier)
    const wrong = inconsistency(kept, now, value.path)
    if (wrong !== undefined) return showRefusals(session, [wrong])
    if (isKept) keep(path, value.checkpoint)
    const talk = session.t(
      `the log begins with the ${kept.size} entries of that checkpoint`,
      `日志的前 ${kept.size} 条与该检查点一致`,
    )
    return { data: value, text: value.checkpoint, talk: `${talk}\n` }
  })
}

/** The first checkpoint is believed as it comes; it is signed by the key, and nothing before it is known. */
const keepFirst = async (session: Session, path: string, key: string): Promise<Shown> =>
  showAnswer(session, await session.call('log/checkpoint', {}), (value) => {
    const verifier = parseVerifier(key)
    const now = verifier && openCheckpoint(value.checkpoint, verifier)
    if (now === undefined) return showRefusals(session, [refuse('log/not-signed', { line: 1 })])
    keep(path, value.checkpoint)
    const talk = session.t(
      `${path} keeps the checkpoint of ${now.size} entries; nothing before it was known`,
      `${path} 已留存 ${now.size} 条日志的检查点；此前没有可比对的检查点`,
    )
    return { data: value, text: value.checkpoint, talk: `${talk}\n` }
  })

/** Whole or not at all: a checkpoint that was kept is not lost to a full disk. */
const keep = (path: string, note: string): void => {
  const beside = `${path}.new`
  writeFileSync(beside, note, { flush: true })
  renameSync(beside, path)
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
  if (parseVerifier(verifierKey) === undefined)
    return showUsage(t('--verifier is not a verifier key', '--verifier 不是有效的验证公钥'))
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
