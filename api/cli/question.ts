import type { Submission } from '../../policies/submission.ts'
import type { Input, Output } from '../../sandbox/door.ts'
import type { Answer } from '../client.ts'
import type { Leaf, Option } from './command.ts'
import { halfWidthText } from './figure.ts'
import { showRelease } from './result.ts'
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
import { rest, restWaitMs, showState, stateLine, type View } from './submission.ts'
import { tableOf } from './table.ts'

type Question = Input<'submission/check'>

const questionOptions: readonly Option[] = [
  {
    flags: '-a, --agreement <name>',
    en: 'the agreement to ask under; needed where there are several',
    zh: '所依据的授权协议；有多份时必填',
  },
  { flags: '--door <door>', en: 'noise (default) or people', zh: '出口：noise（默认）或 people' },
  {
    flags: '--rho <rho>',
    en: 'privacy budget to spend; 0: only from what was released',
    zh: '本次使用的隐私预算 rho；0 表示仅用已放行结果',
  },
]

/** The question as it is submitted, or why it is none. `-` reads standard input, a name with `.sql` a file. */
const readQuestion = async (session: Session, given: Given): Promise<Question | Shown> => {
  const { t, surroundings } = session
  const [argument = ''] = given.arguments
  const sql =
    argument === '-'
      ? await surroundings.stdin()
      : argument.endsWith('.sql')
        ? readText(argument)
        : argument
  if (sql === undefined) return cannotRead(session, argument)
  const rho = textOf(given.options, 'rho')
  if (rho !== undefined && !(Number(rho) >= 0))
    return showUsage(t('--rho takes a number from 0', '--rho 须为非负数'))
  const agreement = await agreementOf(session, given)
  if (typeof agreement !== 'string') return agreement
  return {
    kind: 'query',
    agreement,
    door: (textOf(given.options, 'door') ?? 'noise') as Submission['door'],
    sql,
    ...(rho === undefined ? {} : { rho: Number(rho) }),
  }
}

const agreementOf = async (session: Session, { options }: Given): Promise<string | Shown> => {
  const named = textOf(options, 'agreement') ?? session.surroundings.environment['SLUICE_AGREEMENT']
  if (named !== undefined) return named
  const answer = await session.call('agreement/list', {})
  if (!answer.ok) return showRefused(session, answer.problem)
  const names = answer.value.agreements.map(({ agreement }) => agreement)
  if (names.length === 1 && names[0] !== undefined) return names[0]
  const list = names.join(', ') || session.t('(none)', '（无）')
  return showUsage(session.t(`choose --agreement: ${list}`, `请指定 --agreement：${list}`))
}

const isShown = (value: Question | Shown): value is Shown => 'text' in value

const check = async (session: Session, given: Given): Promise<Shown> => {
  const question = await readQuestion(session, given)
  if (isShown(question)) return question
  const answer = await session.during(session.t('checking', '核查中'), async () =>
    session.call('submission/check', question),
  )
  if (!answer.ok) return showRefused(session, answer.problem, question.sql)
  const { value } = answer
  if (!value.accepted) {
    return { ...showRefusals(session, value.refusals, question.sql), data: value }
  }
  return { data: value, text: checkText(session, value) }
}

const checkText = ({ t }: Session, value: Output<'submission/check'>): string => {
  const { understood = [], columns = [], cells, cost = [], widths = [], reuse, door, level } = value
  const lines: (readonly [string, string])[] = [
    [t('understood', '理解为'), understood.join('\n')],
    [
      t('columns', '使用字段'),
      columns.map(({ dataset, column }) => `${dataset}.${column}`).join(', '),
    ],
    [t('door', '出口'), door ?? ''],
    ...(level === undefined ? [] : [[t('level', '级别'), String(level)] as const]),
    [
      t('cells', '单元格'),
      cells === undefined ? t('groups above a threshold', '仅超过门限的分组') : `${cells}`,
    ],
    ...cost.map((line): [string, string] => [
      t('cost', '预算'),
      `${line.kind}: rho ${line.cost.rho}${line.cost.delta > 0 ? `, delta ${line.cost.delta}` : ''}` +
        t(` (about ${line.questionsLeft} more like this)`, `（约可再问 ${line.questionsLeft} 次）`),
    ]),
    ...widths.map((width): [string, string] => [
      t('95 % interval', '95% 区间'),
      `${width.name} ± ${halfWidthText(1.96 * width.sd)}`,
    ]),
    ...(reuse === true
      ? [
          [
            t('asked before', '曾被提问'),
            t('the same bytes, at no cost', '返回相同结果，不扣预算'),
          ] as const,
        ]
      : []),
  ]
  return tableOf(
    [{ title: t('accepted', '可以提交') }, { title: '' }],
    lines.flatMap(([name, text]) =>
      text.split('\n').map((line, at): readonly string[] => [at === 0 ? name : '', line]),
    ),
  )
}

const submitAndRest = async (session: Session, question: Question): Promise<Answer<View>> => {
  const idempotencyKey = session.surroundings.id()
  const input = { submission: question, idempotencyKey, waitMs: restWaitMs }
  const first = await session.call('submission/create', input)
  return first.ok ? rest(session, first.value) : first
}

const query = async (session: Session, given: Given): Promise<Shown> => {
  const question = await readQuestion(session, given)
  if (isShown(question)) return question
  const answer = await session.during(session.t('running', '运行中'), async () =>
    submitAndRest(session, question),
  )
  if (!answer.ok) return showRefused(session, answer.problem, question.sql)
  const view = answer.value
  if (view.state !== 'released') return showState(session, view)
  return showAnswer(session, await session.call('result/fetch', { id: view.id }), (release) =>
    showRelease(session, release, view),
  )
}

const submit = async (session: Session, given: Given): Promise<Shown> => {
  const question = await readQuestion(session, given)
  if (isShown(question)) return question
  const answer = await session.call('submission/create', {
    submission: question,
    idempotencyKey: session.surroundings.id(),
  })
  if (!answer.ok) return showRefused(session, answer.problem, question.sql)
  return {
    data: answer.value,
    text: `${answer.value.id}\n`,
    talk: stateLine(session, answer.value),
  }
}

export const questionLeaves: readonly Leaf[] = [
  {
    name: 'check <question>',
    en: 'check SQL, a .sql file or - without running it: costs nothing',
    zh: '核查 SQL、.sql 文件或标准输入（-）：不运行、不扣预算',
    options: questionOptions,
    run: check,
  },
  {
    name: 'query <question>',
    en: 'submit, wait, and print the result',
    zh: '提交、等待并显示结果',
    options: questionOptions,
    run: query,
  },
  {
    name: 'submit <question>',
    en: 'submit and print the id at once',
    zh: '提交并立即返回编号',
    options: questionOptions,
    run: submit,
  },
]
