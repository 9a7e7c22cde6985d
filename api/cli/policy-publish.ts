import { changesOf } from '../../policies/diff.ts'
import { policySchema } from '../../policies/policy.ts'
import type { Output } from '../../sandbox/door.ts'
import type { Leaf } from './command.ts'
import { changesText } from './policy-diff.ts'
import {
  cannotRead,
  readText,
  showAnswer,
  showRefused,
  showUsage,
  textOf,
  type Given,
  type Session,
  type Shown,
} from './session.ts'
import { timeText } from './submission.ts'
import { tableOf } from './table.ts'

type History = Output<'policy/history'>

/** Puts a text of a policy up for another operator to approve. */
const propose = async (session: Session, given: Given): Promise<Shown> => {
  const { t } = session
  const [path = ''] = given.arguments
  const text = readText(path)
  if (text === undefined) return cannotRead(session, path)
  const base = textOf(given.options, 'base')
  const answer = await session.call('policy/propose', { text, ...(base !== undefined && { base }) })
  if (!answer.ok) return showRefused(session, answer.problem, text)
  const { name, digest, logIndex } = answer.value
  return {
    data: answer.value,
    text: `${name}  ${digest}\n`,
    talk: `${t(
      `log entry ${logIndex}; another operator approves it: sluice policy approve ${name}`,
      `日志条目 ${logIndex}；须由另一位操作员批准：sluice policy approve ${name}`,
    )}\n`,
  }
}

/** Shows what a proposed text changes and publishes it: those bytes, by their digest, and no others. */
const approve = async (session: Session, given: Given): Promise<Shown> => {
  const { t } = session
  const [policy = ''] = given.arguments
  const history = await session.call('policy/history', { policy })
  if (!history.ok) return showRefused(session, history.problem)
  const { proposal } = history.value
  const wanted = textOf(given.options, 'digest') ?? proposal?.digest
  if (proposal === undefined || wanted !== proposal.digest)
    return showUsage(t('no such text waits for approval', '没有待批准的该文本'))
  const changes = await changesBy(session, policy, proposal.document)
  const answer = await session.call('policy/approve', { policy, digest: proposal.digest })
  return showAnswer(session, answer, (value) => ({
    data: value,
    text: `${value.name}  ${value.digest}\n`,
    talk: `${changes}${t(`log entry ${value.logIndex}`, `日志条目 ${value.logIndex}`)}\n`,
  }))
}

/** The differences of a proposed text from the current one, in words. */
const changesBy = async (session: Session, policy: string, document: string): Promise<string> => {
  const current = await session.call('policy/show', { policy })
  return current.ok
    ? changesText(session, changesOf(read(current.value.document), read(document)))
    : `${session.t('the first text of this policy', '该策略的首个文本')}\n`
}

const read = (json: string) => policySchema.parse(JSON.parse(json))

const list = async (session: Session): Promise<Shown> => {
  const { t } = session
  return showAnswer(session, await session.call('policy/list', {}), (value) => ({
    data: value,
    text: tableOf(
      [
        { title: t('policy', '策略') },
        { title: t('current', '现行') },
        { title: t('proposed', '待批准') },
      ],
      value.policies.map(({ policy, digest, proposed }) => [
        policy,
        digest ?? '-',
        proposed ?? '-',
      ]),
    ),
  }))
}

const history = async (session: Session, given: Given): Promise<Shown> => {
  const [policy = ''] = given.arguments
  const answer = await session.call('policy/history', { policy })
  if (!answer.ok) return showRefused(session, answer.problem)
  const { proposal } = answer.value
  const changes = proposal && (await changesBy(session, policy, proposal.document))
  return {
    data: answer.value,
    text: historyText(session, answer.value),
    ...(changes !== undefined && {
      talk: `${session.t('waits for approval:', '待批准：')}\n${changes}`,
    }),
  }
}

const historyText = ({ t }: Session, value: History): string =>
  tableOf(
    [
      { title: t('log', '日志'), right: true },
      { title: t('time (UTC)', '时间（UTC）') },
      { title: t('what', '事件') },
      { title: t('account', '账户') },
      { title: t('digest', '摘要') },
    ],
    value.history.map(({ event, digest, account, timeMs, logIndex }) => [
      String(logIndex),
      timeText(timeMs),
      event === 'policy/proposed' ? t('proposed', '提出') : t('published', '批准发布'),
      account,
      digest,
    ]),
  )

export const publishLeaves: readonly Leaf[] = [
  {
    name: 'propose <file>',
    en: 'put a text of a policy up for approval',
    zh: '提出策略文本，待他人批准',
    options: [
      {
        flags: '--base <digest>',
        en: 'the text it was made from, where the policy exists',
        zh: '所依据的现行文本摘要（策略已存在时必填）',
      },
    ],
    run: propose,
  },
  {
    name: 'approve <policy>',
    en: 'publish a text that another operator proposed',
    zh: '批准并发布他人提出的文本',
    options: [
      {
        flags: '--digest <digest>',
        en: 'only if it is this one',
        zh: '仅当待批准文本为该摘要时',
      },
    ],
    run: approve,
  },
  { name: 'list', en: 'policies and proposed texts', zh: '策略与待批准文本', run: list },
  {
    name: 'history <policy>',
    en: 'who proposed and approved what, and what waits',
    zh: '提出与批准记录、待批准内容',
    run: history,
  },
]
