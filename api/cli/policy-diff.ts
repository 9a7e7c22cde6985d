import { changesOf, changeText } from '../../policies/diff.ts'
import { parseDocument } from '../../policies/document.ts'
import { policySchema } from '../../policies/policy.ts'
import { wordsOf, type Refusal } from '../../policies/refusal.ts'
import type { Output } from '../../sandbox/door.ts'
import {
  isShown,
  readTexts,
  showRefused,
  showRefusals,
  showUsage,
  textOf,
  type Given,
  type Session,
  type Shown,
} from './session.ts'
import { printable } from './table.ts'

type Answer = Output<'policy/diff'>
type Change = Answer['changes'][number]
type Decision = Answer['replay']['changed'][number]['before']

const replayMax = 500

/**
 * The differences between two texts of a policy, here; with one text, or with `--replay`, those between the domain's
 * current text and the last one given, and what past submissions would have come to.
 */
export const diffPolicies = async (session: Session, given: Given): Promise<Shown> => {
  const files = readTexts(session, given.arguments)
  if (isShown(files)) return files
  const replay = textOf(given.options, 'replay')
  if (replay !== undefined && !(/^\d{1,3}$/.test(replay) && Number(replay) <= replayMax))
    return showUsage(
      session.t(
        `--replay takes a whole number up to ${replayMax}`,
        `--replay 须为不超过 ${replayMax} 的整数`,
      ),
    )
  if (files.length > 2)
    return showUsage(session.t('give one or two policies', '请给出一份或两份策略'))
  const [first, second] = files
  if (first === undefined) return showUsage(session.t('give a policy', '请给出策略'))
  if (second !== undefined && replay === undefined)
    return showOffline(session, first.text, second.text)
  const { text } = second ?? first
  const answer = await session.during(session.t('replaying', '重放中'), async () =>
    session.call('policy/diff', { text, replay: Number(replay ?? 0) }),
  )
  return answer.ok ? showDiff(session, answer.value) : showRefused(session, answer.problem, text)
}

const showOffline = (session: Session, before: string, after: string): Shown => {
  const old = parseDocument(before, policySchema)
  if (!old.ok) return showRefusals(session, old.refusals, before)
  const next = parseDocument(after, policySchema)
  if (!next.ok) return showRefusals(session, next.refusals, after)
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
    ...replay.changed.map((each) => changedText(session, each)),
  ]
  const { submissions, same, undecided, changed } = replay
  const others = changed.reduce((sum, { times }) => sum + times, 0)
  return {
    data: value,
    text: lines.join(''),
    ...(submissions > 0 && {
      talk: `${t(
        `replayed ${submissions} submissions: ${same} the same, ${others} otherwise, ${undecided} undecided`,
        `重放 ${submissions} 次提交：${same} 次相同，${others} 次不同，${undecided} 次未能判定`,
      )}\n`,
    }),
  }
}

const wordsText = ({ language }: Session, refusal: Refusal): string =>
  printable(`${refusal.code}: ${wordsOf(refusal, language).message}`)

const changedText = (
  session: Session,
  { id, organisation, text, times, before, after }: Answer['replay']['changed'][number],
): string => {
  const { t } = session
  const first = text.split('\n', 1)[0] ?? ''
  return [
    `${id}  ${organisation}  ${decisionText(session, before)} → ${decisionText(session, after)}${times > 1 ? t(`  (${times} times)`, `  （${times} 次）`) : ''}`,
    `    ${first}`,
    ...('refusals' in after
      ? after.refusals.map((refusal) => `    ${wordsText(session, refusal)}`)
      : []),
  ]
    .map((line) => `${printable(line)}\n`)
    .join('')
}

const decisionText = ({ t }: Session, decision: Decision): string => {
  if ('refusals' in decision)
    return `${t('refused', '拒绝')} ${[...new Set(decision.refusals.map(({ code }) => code))].join(', ')}`
  const cost = decision.cost.map((line) => `${line.kind} rho ${line.cost.rho}`).join(', ')
  return `${t('allowed', '允许')}${cost === '' ? '' : ` ${cost}`}`
}
