import { openCheckpoint, parseVerifier, type Checkpoint } from '../../sandbox/log/checkpoint.ts'
import { rootOfProof, verifyConsistency } from '../../sandbox/log/proof.ts'
import { leafHash } from '../../sandbox/log/tree.ts'
import type { Output } from '../../sandbox/door.ts'
import { readKept, verifierText } from './log-proof.ts'
import { exits } from './refusal.ts'
import {
  isShown,
  showAnswer,
  showRefused,
  showUsage,
  textOf,
  type Given,
  type Session,
  type Shown,
} from './session.ts'

/** What the tree that the entry is looked for in is known by. */
type Ground =
  | { readonly by: 'now' }
  | { readonly by: 'checkpoint'; readonly kept: Checkpoint }
  | { readonly by: 'size'; readonly size: number }

/**
 * Asks for the proof of one entry and verifies it here, under the verifier's key: in the log as it is now, as it was at a
 * checkpoint that was kept (`--checkpoint`), or as it was when it had `--size` entries, which must then be the beginning
 * of what is signed now.
 */
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
  const ground = groundOf(session, given, key.value)
  if (isShown(ground)) return ground
  const size =
    ground.by === 'now' ? undefined : ground.by === 'size' ? ground.size : ground.kept.size
  const answer = await session.call('log/prove', { index, ...(size !== undefined && { size }) })
  if (!answer.ok && ground.by === 'size' && answer.problem.code === 'log/shorter')
    return showUsage(t('the log has fewer entries than that', '日志尚无这么多条目'))
  if (!answer.ok) return showRefused(session, answer.problem)
  const signed = (note: string): Checkpoint | undefined => openCheckpoint(note, verifier)
  if (ground.by === 'checkpoint')
    return shownProof(session, answer.value, { index, tree: ground.kept, isIn: leadsTo })
  if (ground.by === 'now')
    return shownProof(session, answer.value, {
      index,
      tree: signed(answer.value.checkpoint),
      isIn: leadsTo,
    })
  const growth = await session.call('log/consistency', { from: ground.size })
  return showAnswer(session, growth, ({ path, checkpoint }) => {
    const now = signed(checkpoint)
    const proof = path.map((hash) => Buffer.from(hash, 'hex'))
    return shownProof(session, answer.value, {
      index,
      tree: now && { ...now, size: ground.size },
      isIn: (root) =>
        now !== undefined && verifyConsistency({ ...now, size: ground.size, root }, now, proof),
    })
  })
}

const leadsTo = (root: Uint8Array, tree: Checkpoint): boolean =>
  Buffer.compare(root, tree.root) === 0

const groundOf = (session: Session, { options }: Given, key: string): Ground | Shown => {
  const [path, size] = [textOf(options, 'checkpoint'), textOf(options, 'size')]
  const usage = session.t(
    'give --size, a whole number from 1, or --checkpoint, or neither',
    '请给出 --size（从 1 起的整数）或 --checkpoint 之一，或都不给',
  )
  if (path !== undefined && size !== undefined) return showUsage(usage)
  if (size !== undefined)
    return /^[1-9]\d{0,14}$/.test(size) ? { by: 'size', size: Number(size) } : showUsage(usage)
  if (path === undefined) return { by: 'now' }
  const kept = readKept(session, path, key)
  return 'data' in kept ? kept : { by: 'checkpoint', kept }
}

type Sought = {
  readonly index: number
  /** The tree that the entry must be in; undefined where its checkpoint is not signed by the key. */
  readonly tree: Checkpoint | undefined
  readonly isIn: (root: Uint8Array, tree: Checkpoint) => boolean
}

/** The entry asked for, in the tree that is known: what the server says of index and size is not believed. */
const shownProof = (
  { t }: Session,
  value: Output<'log/prove'>,
  { index, tree, isIn }: Sought,
): Shown => {
  const root =
    tree &&
    rootOfProof(
      leafHash(Buffer.from(value.entry), tree.hash),
      { index, size: tree.size, hash: tree.hash },
      value.path.map((hash) => Buffer.from(hash, 'hex')),
    )
  if (tree !== undefined && root !== undefined && isIn(root, tree))
    return {
      data: value,
      text: `${value.entry}\n`,
      talk: `${t(`entry ${index} is in the log of ${tree.size} entries`, `条目 ${index} 存在于共 ${tree.size} 条的日志中`)}\n`,
    }
  return {
    data: { ...value, code: 'log/not-proven' },
    text: '',
    talk: `${t('the proof does not lead to a checkpoint of this key', '证明与该公钥签署的检查点不符')}\n`,
    exit: exits.integrity,
  }
}
