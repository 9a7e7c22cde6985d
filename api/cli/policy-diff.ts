import { changesOf, changeText } from '../../policies/diff.ts'
import { parseDocument } from '../../policies/document.ts'
import { policySchema } from '../../policies/policy.ts'
import { wordsOf, type Refusal } from '../../policies/refusal.ts'
import type { Output } from '../../sandbox/door.ts'
import {
  isShown,
  readTexts,
  showRefused,
  showRefusedFile,
  showUsage,
  textOf,
  type Given,
  type Session,
  type Shown,
  type TextFile,
} from './session.ts'
import { replaySummary, replayText } from './replay-text.ts'
import { printable } from './table.ts'

type Answer = Output<'policy/diff'>
type Change = Answer['changes'][number]

const replayMax = 500
const examplesMax = 50

/**
 * The differences between two texts of a policy, here; with one text, or with `--replay`, those between the domain's
 * current text and the last one given, and what past submissions would have come to.
 */
export const diffPolicies = async (session: Session, given: Given): Promise<Shown> => {
  const files = readTexts(session, given.arguments)
  if (isShown(files)) return files
  const replay = countOf(session, given, { option: 'replay', most: replayMax })
  if (isShown(replay)) return replay
  const examples = countOf(session, given, { option: 'examples', most: examplesMax })
  if (isShown(examples)) return examples
  const [first, second, third] = files
  if (first === undefined || third !== undefined)
    return showUsage(session.t('give one or two policies', '请给出一份或两份策略'))
  if (second !== undefined && replay.count === undefined) return showOffline(session, first, second)
  const { text } = second ?? first
  const answer = await session.during(session.t('replaying', '重放中'), async () =>
    session.call('policy/diff', {
      text,
      replay: replay.count ?? 0,
      ...(examples.count !== undefined && { examples: examples.count }),
    }),
  )
  return answer.ok ? showDiff(session, answer.value) : showRefused(session, answer.problem, text)
}

const countOf = (
  session: Session,
  { options }: Given,
  { option, most }: { readonly option: string; readonly most: number },
): { readonly count?: number } | Shown => {
  const text = textOf(options, option)
  if (text === undefined) return {}
  if (/^\d{1,3}$/.test(text) && Number(text) <= most) return { count: Number(text) }
  return showUsage(
    session.t(
      `--${option} takes a whole number up to ${most}`,
      `--${option} 须为不超过 ${most} 的整数`,
    ),
  )
}

const showOffline = (session: Session, before: TextFile, after: TextFile): Shown => {
  const old = parseDocument(before.text, policySchema)
  if (!old.ok) return showRefusedFile(session, old.refusals, before)
  const next = parseDocument(after.text, policySchema)
  if (!next.ok) return showRefusedFile(session, next.refusals, after)
  const changes = changesOf(old.value, next.value)
  return { data: { changes }, text: changesText(session, changes) }
}

const signs: Readonly<Record<Change['effect'], string>> = { looser: '+', tighter: '-', other: '~' }

/** Differences, a line each: what lets more out is marked `+`, what lets less out `-`. */
export const changesText = (session: Session, changes: readonly Change[]): string =>
  changes.length === 0
    ? `${session.t('no difference', '无差异')}\n`
    : changes
        .map(
          (change) =>
            `${signs[change.effect]} ${printable(changeText(change, session.language))}\n`,
        )
        .join('')

const showDiff = (session: Session, value: Answer): Shown => {
  const { t } = session
  const { from, changes, agreements, replay } = value
  const lines = [
    from === undefined
      ? `${t('the domain has no policy of this name', '安全域中没有同名策略')}\n`
      : changesText(session, changes),
    ...agreements.flatMap(({ agreement, refusals }) => [
      `! ${t(`agreement ${agreement} would not fit`, `授权协议 ${agreement} 将不再相符`)}\n`,
      ...refusals.map((refusal) => `    ${wordsText(session, refusal)}\n`),
    ]),
    replayText(session, replay),
  ]
  return {
    data: value,
    text: lines.join(''),
    ...(replay.submissions > 0 && { talk: replaySummary(session, replay) }),
  }
}

const wordsText = ({ language }: Session, refusal: Refusal): string =>
  printable(`${refusal.code}: ${wordsOf(refusal, language).message}`)
