import type { Output } from '../../sandbox/door.ts'
import type { Leaf } from './command.ts'
import { sendDocument } from './document.ts'
import { showAnswer, type Given, type Session, type Shown } from './session.ts'
import { timeText } from './submission.ts'
import { printable, tableOf } from './table.ts'

type View = Output<'pull/switch'>

/** How the pull of a dataset is doing, in a line, and in another what held it up last. */
export const pullText = ({ t }: Session, view: View): string => {
  const { pull, files, nextMs, problem, failures } = view
  const place = [...pull.folder, pull.files].join('/')
  const next =
    nextMs === undefined
      ? t('paused', '已暂停')
      : t(`next look ${timeText(nextMs)} UTC`, `下次检查 ${timeText(nextMs)}（UTC）`)
  const line = t(
    `pull ${place}: ${files} files taken, ${next}`,
    `定时导入 ${place}：已导入 ${files} 个文件，${next}`,
  )
  if (problem === undefined) return `${line}\n`
  const codes = [...new Set(problem.refusals.map(({ code }) => code))].join(', ')
  const file = problem.file === undefined ? '' : ` \`${printable(problem.file)}\``
  return `${line}\n${t(`failed ${failures} times, last at ${timeText(problem.timeMs)}${file}: ${codes}`, `连续失败 ${failures} 次，最近 ${timeText(problem.timeMs)}${file}：${codes}`)}\n`
}

const switchTo =
  (isPaused: boolean) =>
  async (session: Session, given: Given): Promise<Shown> => {
    const [dataset = ''] = given.arguments
    const answer = await session.call('pull/switch', { dataset, isPaused })
    return showAnswer(session, answer, (value) => ({ data: value, text: pullText(session, value) }))
  }

const look = async (session: Session, given: Given): Promise<Shown> => {
  const { t } = session
  const [dataset = ''] = given.arguments
  const answer = await session.during(t('looking', '检查中'), async () =>
    session.call('pull/look', { dataset }),
  )
  return showAnswer(session, answer, (value) => ({
    data: value,
    text: tableOf(
      [{ title: t('version', '版本') }, { title: t('rows', '行数'), right: true }],
      value.versions.map(({ version, rows }) => [version.slice(0, 12), String(rows)]),
    ),
    talk: pullText(session, value.pull),
  }))
}

export const pullLeaves: readonly Leaf[] = [
  {
    name: 'pull <file>',
    en: 'take files of a dataset in at set times, by a pull document (YAML)',
    zh: '按文档（YAML）设定数据资源的定时导入',
    run: sendDocument('pull/set'),
  },
  {
    name: 'look <dataset>',
    en: 'take new files of its pull now',
    zh: '立即检查并导入新文件',
    run: look,
  },
  {
    name: 'pause <dataset>',
    en: 'pause its pull',
    zh: '暂停定时导入',
    run: switchTo(true),
  },
  {
    name: 'resume <dataset>',
    en: 'resume its pull',
    zh: '恢复定时导入',
    run: switchTo(false),
  },
]
