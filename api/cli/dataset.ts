import type { Output } from '../../sandbox/door.ts'
import type { Group } from './command.ts'
import { sendDocument } from './document.ts'
import { faultText, type Fault } from './ingest.ts'
import { protectionText } from './protection.ts'
import { pullLeaves, pullText } from './pull.ts'
import { showAnswer, showUsage, textOf, type Given, type Session, type Shown } from './session.ts'
import { timeText } from './submission.ts'
import { tableOf } from './table.ts'

type Freshness = NonNullable<Output<'dataset/show'>['freshness']>

/** Until when more of a dataset is not late. */
const dueText = ({ t }: Session, { dueMs, isOverdue }: Freshness): string =>
  isOverdue
    ? t(`overdue since ${timeText(dueMs)} UTC`, `已逾期（应于 ${timeText(dueMs)} UTC 前更新）`)
    : t(`due by ${timeText(dueMs)} UTC`, `应于 ${timeText(dueMs)} UTC 前更新`)

/** All datasets, and of those that declare a cycle whether they are late. */
const list = async (session: Session): Promise<Shown> => {
  const { t, language } = session
  return showAnswer(session, await session.call('catalogue/list', {}), (value) => ({
    data: value,
    text: tableOf(
      [
        { title: t('dataset', '数据资源') },
        { title: t('title', '名称') },
        { title: t('department', '数源单位') },
        { title: t('update', '更新') },
      ],
      value.datasets.map(({ dataset, title, department, freshness }) => [
        dataset,
        title[language],
        department[language],
        freshness === undefined ? '' : dueText(session, freshness),
      ]),
    ),
  }))
}

/** Versions of a dataset, the newest first, each with its quality in hundredths. */
const show = async (session: Session, given: Given): Promise<Shown> => {
  const { t } = session
  const [dataset = ''] = given.arguments
  return showAnswer(session, await session.call('dataset/show', { dataset }), (value) => ({
    data: value,
    text: tableOf(
      [
        { title: t('version', '版本') },
        { title: t('policy', '策略') },
        { title: t('published (UTC)', '发布时间（UTC）') },
        { title: t('rows', '行数'), right: true },
        { title: t('set aside', '隔离'), right: true },
        { title: t('complete', '完整性'), right: true },
        { title: t('accurate', '准确性'), right: true },
        { title: t('timely', '及时性'), right: true },
        { title: t('machine-readable', '机器可读性'), right: true },
        { title: t('grade', '去标识化等级'), right: true },
      ],
      value.versions.map(versionCells),
    ),
    talk:
      protectedText(session, value.dataset.columns) +
      (value.versions.length === 0 ? `${t('nothing published yet', '尚未发布任何版本')}\n` : '') +
      (value.freshness === undefined ? '' : `${dueText(session, value.freshness)}\n`) +
      (value.pull === undefined ? '' : pullText(session, value.pull)),
  }))
}

/** The columns that touch what the law protects, a line each. */
const protectedText = (
  session: Session,
  columns: Output<'dataset/show'>['dataset']['columns'],
): string =>
  columns
    .filter(({ tags }) => tags !== undefined)
    .map(
      ({ name, level, tags }) =>
        `${name}: ${protectionText(session, tags)}, ${session.t('level', '级别')} ${level}\n`,
    )
    .join('')

type Version = Output<'dataset/show'>['versions'][number]
const versionCells = (version: Version): readonly string[] => {
  const { facts } = version
  const { completeness, accuracy, timeliness, machineReadability } = facts.quality
  return [
    `${version.version.slice(0, 12)}${version.isCurrent ? ' *' : ''}${version.destruction === 'done' ? ' ✝' : ''}`,
    version.policy,
    timeText(version.publishedMs),
    String(facts.rows),
    String(facts.quarantine?.rows ?? 0),
    ...[completeness, accuracy, timeliness, machineReadability].map((share) =>
      // Rounded down: what is not whole is never shown as such.
      share === undefined ? '-' : `${(Math.floor(share * 10_000) / 100).toFixed(2)} %`,
    ),
    facts.grade === undefined ? '-' : String(facts.grade.grade),
  ]
}

type Bad = Output<'quarantine/show'>['bad'][number]
/** Rows that were set aside or had a value replaced: a line each for what is wrong, and the cell it is about. `--json` has all cells. */
const quarantine = async (session: Session, given: Given): Promise<Shown> => {
  const { t } = session
  const [dataset = ''] = given.arguments
  const version = textOf(given.options, 'version')
  const [cursor, limit] = [
    Number(textOf(given.options, 'cursor') ?? 0),
    Number(textOf(given.options, 'limit') ?? 50),
  ]
  if (![cursor, limit].every((value) => Number.isSafeInteger(value) && value >= 0))
    return showUsage(t('--cursor and --limit are whole numbers', '--cursor 与 --limit 须为整数'))
  const input = { dataset, cursor, limit, ...(version !== undefined && { version }) }
  return showAnswer(session, await session.call('quarantine/show', input), (value) => ({
    data: value,
    text: tableOf(
      [
        { title: t('line', '行'), right: true },
        { title: t('reason', '原因') },
        { title: t('cell', '单元格') },
      ],
      value.bad.flatMap((bad) => bad.faults.map((fault) => faultCells(bad, fault))),
    ),
    ...(value.next !== undefined && {
      talk: `${t(`more: --cursor ${value.next}`, `更多：--cursor ${value.next}`)}\n`,
    }),
  }))
}

const faultCells = ({ line, cells }: Bad, fault: Fault): readonly string[] => {
  const cell = cells.find(({ column }) => column === fault.column)
  return [String(line), faultText(fault), cell?.text ?? '']
}

export const datasetGroup: Group = {
  name: 'dataset',
  en: 'datasets',
  zh: '数据资源',
  leaves: [
    {
      name: 'register <file>',
      en: 'register a dataset document (YAML)',
      zh: '登记数据资源文档（YAML）',
      run: sendDocument('dataset/register'),
    },
    {
      name: 'list',
      en: 'all datasets, and which are overdue by their update cycle',
      zh: '列出全部数据资源及逾期未更新情况',
      run: list,
    },
    {
      name: 'show <dataset>',
      en: 'a dataset, its versions (* is read now, ✝ destroyed) and their quality',
      zh: '查看数据资源、版本（* 为当前，✝ 已销毁）及质量',
      run: show,
    },
    {
      name: 'quarantine <dataset>',
      en: 'rows that were set aside at ingest and why, and what stood where a value was replaced',
      zh: '查看导入时隔离的数据行及原因，以及被更正的原值',
      options: [
        { flags: '--version <digest>', en: 'of this version', zh: '指定版本' },
        { flags: '--cursor <n>', en: 'rows to pass over', zh: '跳过的行数' },
        { flags: '--limit <n>', en: 'rows to show, up to 200', zh: '显示行数，最多 200' },
      ],
      run: quarantine,
    },
    ...pullLeaves,
  ],
}
