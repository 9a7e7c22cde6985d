import type { Group } from './command.ts'
import { evidenceTable } from './evidence.ts'
import { resultTable } from './figure.ts'
import { showAnswer, type Given, type Session, type Shown } from './session.ts'
import { shorten, timeText } from './submission.ts'
import { tableOf } from './table.ts'

const list = async (session: Session): Promise<Shown> =>
  showAnswer(session, await session.call('review/list', {}), (value) => ({
    data: value,
    text: tableOf(
      [
        { title: session.t('id', '编号') },
        { title: session.t('held since', '待审自') },
        { title: session.t('organisation', '机构') },
        { title: session.t('purpose', '用途') },
        { title: session.t('question', '查询') },
      ],
      value.held.map((held) => [
        held.id,
        timeText(held.heldMs),
        held.organisation,
        held.purpose,
        shorten(held.sql),
      ]),
    ),
    ...(value.held.length === 0
      ? { talk: `${session.t('nothing is held', '暂无待审产出')}\n` }
      : {}),
  }))

const show = async (session: Session, given: Given): Promise<Shown> => {
  const [id = ''] = given.arguments
  return showAnswer(session, await session.call('review/show', { id }), (value) => ({
    data: value,
    text: `${resultTable(value.result)}\n${evidenceTable(value.evidence, session)}`,
    talk: `${value.organisation} · ${value.purpose} · sha-256 ${value.digest}\n${value.sql}\n`,
  }))
}

export const reviewGroup: Group = {
  name: 'review',
  en: 'outputs held for people',
  zh: '待审核产出',
  leaves: [
    { name: 'list', en: 'list what is held', zh: '列出待审产出', run: list },
    {
      name: 'show <id>',
      en: 'show one output and its evidence; the view is logged',
      zh: '显示产出与证据（查看行为将存证）',
      run: show,
    },
  ],
}
