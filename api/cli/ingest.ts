import { copyFileSync, constants, existsSync, rmSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { Input, Output } from '../../sandbox/door.ts'
import type { Leaf } from './command.ts'
import {
  showAnswer,
  showRefused,
  showUsage,
  textOf,
  type Given,
  type Session,
  type Shown,
} from './session.ts'
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
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
    return showUsage(
      t(
        `cannot read ${path}: it must be a file that this user may read`,
        `无法读取 ${path}：须为当前用户可读的文件`,
      ),
    )
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

/** What is wrong with a row, as the tables of this tool say it. */
export type Fault = Pick<Output<'quarantine/show'>['bad'][number]['faults'][number], 'reason'> & {
  readonly column?: string | undefined
}
export const faultText = ({ reason, column }: Fault): string =>
  column === undefined ? reason : `${reason} ${column}`
