import { copyFileSync, constants, existsSync, rmSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { Output } from '../../sandbox/door.ts'
import type { Group, Leaf } from './command.ts'
import { sendDocument } from './document.ts'
import {
  cannotRead,
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

const modes = ['replace', 'append', 'upsert'] as const

/**
 * Copies the file into the domain's inbox, under a name of its own, and asks for a version of it. Files of data never
 * travel over HTTP: this command runs where the domain is.
 */
const ingest = async (session: Session, given: Given): Promise<Shown> => {
  const { t, surroundings } = session
  const [dataset = '', path = ''] = given.arguments
  const policy = textOf(given.options, 'policy') ?? ''
  const mode = modes.find((name) => name === (textOf(given.options, 'mode') ?? 'replace'))
  if (mode === undefined)
    return showUsage(t(`--mode is ${modes.join(', ')}`, `--mode 须为 ${modes.join('、')}`))
  if (!existsSync(path)) return cannotRead(session, path)
  const status = await session.call('domain/status', {})
  if (!status.ok) return showRefused(session, status.problem)
  const { inbox } = status.value
  if (!existsSync(inbox))
    return showUsage(
      t(
        'the inbox is not here: run this on the machine of the domain',
        '收件目录不在本机：请在安全域所在机器上执行',
      ),
    )
  const file = `${surroundings.id()}${extname(path).slice(0, 10)}`
  const copy = join(inbox, file)
  copyFileSync(path, copy, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
  try {
    const answer = await session.during(t('publishing', '发布中'), async () =>
      session.call('dataset/ingest', { dataset, policy, file, mode }),
    )
    return showAnswer(session, answer, (value) => ({
      data: value,
      text: tableOf(
        [{ title: t('column', '字段') }, { title: t('empty', '空值'), right: true }],
        value.columns.map(({ name, nulls }) => [name, String(nulls)]),
      ),
      talk: `${asideText(session, value)}${t(`${value.rows} rows, version ${value.version}, log entry ${value.logIndex}`, `${value.rows} 行，版本 ${value.version}，日志条目 ${value.logIndex}`)}\n`,
    }))
  } finally {
    rmSync(copy, { force: true })
  }
}

export const ingestLeaf: Leaf = {
  name: 'ingest <dataset> <file>',
  en: 'publish a file as a new version of a dataset',
  zh: '将文件发布为数据资源的新版本',
  options: [
    {
      flags: '--policy <name>',
      en: 'the policy it is published under',
      zh: '发布所依据的策略',
      required: true,
    },
    {
      flags: '--mode <mode>',
      en: 'replace (usual), append, or upsert: replace rows of the same grain',
      zh: 'replace（默认，全量替换）、append（追加）或 upsert（按粒度更新）',
    },
  ],
  run: ingest,
}

/** What was set aside, a reason a line. */
const asideText = (
  { t }: Session,
  { quarantine }: Pick<Output<'dataset/ingest'>, 'quarantine'>,
): string => {
  if (quarantine === undefined) return ''
  const { rows, reasons } = quarantine
  return [
    t(`${rows} rows set aside`, `隔离 ${rows} 行`),
    ...reasons.map(({ reason, column, rows }) => `  ${rows} ${faultText({ reason, column })}`),
  ]
    .map((line) => `${line}\n`)
    .join('')
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
    ...(value.versions.length === 0 && {
      talk: `${t('nothing published yet', '尚未发布任何版本')}\n`,
    }),
  }))
}

type Version = Output<'dataset/show'>['versions'][number]
const versionCells = (version: Version): readonly string[] => {
  const { facts } = version
  const { completeness, accuracy, timeliness, machineReadability } = facts.quality
  return [
    `${version.version.slice(0, 12)}${version.isCurrent ? ' *' : ''}`,
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
type Fault = Pick<Bad['faults'][number], 'reason'> & { readonly column?: string | undefined }
const faultText = ({ reason, column }: Fault): string =>
  column === undefined ? reason : `${reason} ${column}`

/** Rows that were set aside: a line each for what is wrong, and the cell it is about. `--json` has all cells. */
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
      name: 'show <dataset>',
      en: 'a dataset, its versions (* is read now) and their quality',
      zh: '查看数据资源、版本（* 为当前）及质量',
      run: show,
    },
    {
      name: 'quarantine <dataset>',
      en: 'rows that were set aside at ingest, and why',
      zh: '查看导入时隔离的数据行及原因',
      options: [
        { flags: '--version <digest>', en: 'of this version', zh: '指定版本' },
        { flags: '--cursor <n>', en: 'rows to pass over', zh: '跳过的行数' },
        { flags: '--limit <n>', en: 'rows to show, up to 200', zh: '显示行数，最多 200' },
      ],
      run: quarantine,
    },
  ],
}
