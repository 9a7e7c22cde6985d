import { copyFileSync, constants, existsSync, rmSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { Input, Output } from '../../sandbox/door.ts'
import type { Group, Leaf } from './command.ts'
import { sendDocument } from './document.ts'
import { pullLeaves, pullText } from './pull.ts'
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

/** Options of `ingest` with the words they take. */
const choices = {
  mode: ['replace', 'append', 'upsert'],
  format: ['csv', 'json-lines', 'parquet', 'xlsx'],
  encoding: ['utf-8', 'gb18030'],
} as const
type Choices = { [name in keyof typeof choices]?: (typeof choices)[name][number] }

/** What was chosen, or the option that has a word it does not take. */
const chosen = ({ options }: Given): Choices | { readonly wrong: keyof typeof choices } => {
  const found: Record<string, string> = {}
  for (const [name, words] of Object.entries(choices)) {
    const text = textOf(options, name)
    if (text === undefined) continue
    if (!(words as readonly string[]).includes(text)) return { wrong: name as keyof typeof choices }
    found[name] = text
  }
  return found
}

/**
 * Copies the file into the domain's inbox, under a name of its own, and asks for a version of it. Files of data never
 * travel over HTTP: this command runs where the domain is.
 */
const ingest = async (session: Session, given: Given): Promise<Shown> => {
  const { t, surroundings } = session
  const [dataset = '', path] = given.arguments
  const policy = textOf(given.options, 'policy') ?? ''
  const choice = chosen(given)
  if ('wrong' in choice) {
    const words = choices[choice.wrong].join(', ')
    return showUsage(t(`--${choice.wrong} is one of ${words}`, `--${choice.wrong} 可用：${words}`))
  }
  if (path === undefined) return publish(session, { dataset, policy, ...choice })
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return cannotRead(session, path)
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
  try {
    copyFileSync(path, copy, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
    return await publish(session, { dataset, policy, file, ...choice })
  } finally {
    rmSync(copy, { force: true })
  }
}

/** Asks for a version and shows what became of it. */
const publish = async (session: Session, input: Input<'dataset/ingest'>): Promise<Shown> => {
  const { t } = session
  const answer = await session.during(t('publishing', '发布中'), async () =>
    session.call('dataset/ingest', input),
  )
  return showAnswer(session, answer, (value) => ({
    data: value,
    text: tableOf(
      [{ title: t('column', '字段') }, { title: t('empty', '空值'), right: true }],
      value.columns.map(({ name, nulls }) => [name, String(nulls)]),
    ),
    talk: `${asideText(session, value)}${t(`${value.rows} rows, version ${value.version}, log entry ${value.logIndex}`, `${value.rows} 行，版本 ${value.version}，日志条目 ${value.logIndex}`)}\n`,
  }))
}

export const ingestLeaf: Leaf = {
  name: 'ingest <dataset> [file]',
  en: 'publish a file, or the rows that are stored, as a new version of a dataset',
  zh: '将文件（或已存数据）发布为数据资源的新版本',
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
    {
      flags: '--format <format>',
      en: 'csv, json-lines, parquet or xlsx, where the dataset says another',
      zh: '格式：csv、json-lines、parquet 或 xlsx（与登记不同时）',
    },
    {
      flags: '--encoding <encoding>',
      en: 'utf-8 or gb18030, where the dataset says another',
      zh: '编码：utf-8 或 gb18030（与登记不同时）',
    },
  ],
  run: ingest,
}

/** What was set aside or replaced, a reason a line. */
const asideText = (
  { t }: Session,
  { quarantine }: Pick<Output<'dataset/ingest'>, 'quarantine'>,
): string => {
  if (quarantine === undefined) return ''
  const { rows, reasons } = quarantine
  const left = reasons.filter(({ reason }) => reason !== 'replaced')
  const replaced = reasons.filter(({ reason }) => reason === 'replaced')
  return [
    ...(rows > 0 ? [t(`${rows} rows set aside`, `隔离 ${rows} 行`)] : []),
    ...left.map(({ reason, column, rows }) => `  ${rows} ${faultText({ reason, column })}`),
    ...replaced.map(({ column, rows }) =>
      t(
        `${rows} rows took ${column} from the dataset that answers for it`,
        `${rows} 行的 ${column} 已按其权威数据资源更正`,
      ),
    ),
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
    talk:
      (value.versions.length === 0 ? `${t('nothing published yet', '尚未发布任何版本')}\n` : '') +
      (value.pull === undefined ? '' : pullText(session, value.pull)),
  }))
}

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
type Fault = Pick<Bad['faults'][number], 'reason'> & { readonly column?: string | undefined }
const faultText = ({ reason, column }: Fault): string =>
  column === undefined ? reason : `${reason} ${column}`

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
