import type { Output } from '../../sandbox/door.ts'
import type { Answer } from '../client.ts'
import type { Leaf } from './command.ts'
import { exitOf, exits } from './refusal.ts'
import {
  showAnswer,
  showRefusals,
  showUsage,
  textOf,
  type Given,
  type Session,
  type Shown,
} from './session.ts'
import { tableOf } from './table.ts'

export type View = Output<'submission/show'>
/** How long one request waits for a submission to come to rest; the next one goes on waiting. */
export const restWaitMs = 30_000

const stateWords: Readonly<Record<View['state'], { readonly en: string; readonly zh: string }>> = {
  refused: { en: 'refused', zh: '已拒绝' },
  running: { en: 'running', zh: '运行中' },
  withdrawn: { en: 'withdrawn, not charged', zh: '已撤回，未扣预算' },
  held: { en: 'held: two reviewers decide', zh: '待审核：由两名审核员决定' },
  released: { en: 'released', zh: '已放行' },
  declined: { en: 'declined', zh: '未放行' },
  failed: { en: 'nothing was released', zh: '未放行任何结果' },
}
const exitOfState: Readonly<Record<View['state'], number | undefined>> = {
  refused: exits.refused,
  running: undefined,
  withdrawn: exits.refused,
  held: exits.held,
  released: undefined,
  declined: exits.refused,
  failed: exits.refused,
}

/** Follows a submission until it runs no more. */
export const rest = async (session: Session, view: View): Promise<Answer<View>> => {
  let latest = view
  while (latest.state === 'running') {
    const answer = await session.call('submission/show', { id: view.id, waitMs: restWaitMs })
    if (!answer.ok) return answer
    latest = answer.value
  }
  return { ok: true, value: latest }
}

export const stateLine = ({ t, language }: Session, view: View): string => {
  const cost = view.cost.map(({ kind, cost }) => `${kind} rho ${cost.rho}`).join(', ')
  return [
    stateWords[view.state][language],
    ...(cost === '' ? [] : [t(`charged ${cost}`, `已扣 ${cost}`)]),
    t(`log entry ${view.logIndex}`, `日志条目 ${view.logIndex}`),
  ]
    .join(' · ')
    .concat('\n')
}

/** A submission as it stands, with its reasons where it was refused, and the exit code that says so. */
export const showState = (session: Session, view: View): Shown => {
  const [first] = view.refusals
  const words =
    first === undefined
      ? ''
      : (showRefusals(session, view.refusals, view.submission.sql).talk ?? '')
  const exit = first === undefined ? exitOfState[view.state] : exitOf(first.code)
  return {
    data: view,
    text: `${view.id}  ${view.state}\n`,
    talk: `${stateLine(session, view)}${words}`,
    ...(exit === undefined ? {} : { exit }),
  }
}

const watch = async (session: Session, given: Given): Promise<Shown> => {
  const [id = ''] = given.arguments
  const answer = await session.during(session.t('running', '运行中'), async () => {
    const first = await session.call('submission/show', { id, waitMs: 0 })
    return first.ok ? rest(session, first.value) : first
  })
  return showAnswer(session, answer, (view) => showState(session, view))
}

const show = async (session: Session, given: Given): Promise<Shown> => {
  const [id = ''] = given.arguments
  return showAnswer(session, await session.call('submission/show', { id }), (view) => ({
    ...showState(session, view),
    exit: 0,
  }))
}

const withdraw = async (session: Session, given: Given): Promise<Shown> => {
  const [id = ''] = given.arguments
  return showAnswer(session, await session.call('submission/withdraw', { id }), (view) => ({
    ...showState(session, view),
    exit: 0,
  }))
}

const list = async (session: Session, { options }: Given): Promise<Shown> => {
  const limit = Number(textOf(options, 'limit') ?? 50)
  if (!Number.isSafeInteger(limit))
    return showUsage(session.t('--limit takes a number', '--limit 须为整数'))
  const answer = await session.call('submission/list', { limit })
  return showAnswer(session, answer, (value) => ({
    data: value,
    text: tableOf(
      [
        { title: session.t('id', '编号') },
        { title: session.t('state', '状态') },
        { title: session.t('received', '时间') },
        { title: session.t('agreement', '协议') },
        { title: session.t('question', '查询') },
      ],
      value.submissions.map((view) => [
        view.id,
        view.state,
        timeText(view.receivedMs),
        view.submission.agreement,
        shorten(view.submission.sql),
      ]),
    ),
  }))
}

export const timeText = (ms: number): string =>
  new Date(ms).toISOString().replace('T', ' ').slice(0, 19)
export const shorten = (text: string): string => {
  const flat = Array.from(text.replaceAll(/\s+/g, ' ').trim())
  return flat.length > 60 ? `${flat.slice(0, 59).join('')}…` : flat.join('')
}

export const submissionLeaves: readonly Leaf[] = [
  {
    name: 'watch <id>',
    en: 'wait until a submission has come to rest',
    zh: '等待提交完成',
    run: watch,
  },
  {
    name: 'show <id>',
    en: 'show a submission and why it was refused',
    zh: '显示提交及拒绝原因',
    run: show,
  },
  {
    name: 'withdraw <id>',
    en: 'take back a submission that waits for its run',
    zh: '撤回等待运行的提交',
    run: withdraw,
  },
  {
    name: 'list',
    en: 'list submissions, newest first',
    zh: '列出提交（新的在前）',
    options: [{ flags: '--limit <n>', en: 'at most this many, up to 200', zh: '条数，至多 200' }],
    run: list,
  },
]
