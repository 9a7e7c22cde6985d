import { copyFileSync, constants, existsSync, rmSync } from 'node:fs'
import { extname, join } from 'node:path'
import { checkPolicy } from '../../policies/check-policy.ts'
import { datasetSchema, type Dataset } from '../../policies/dataset.ts'
import { parseDocument } from '../../policies/document.ts'
import type { Outcome } from '../../policies/outcome.ts'
import { policySchema } from '../../policies/policy.ts'
import { agreementList } from './catalogue.ts'
import type { Group, Leaf } from './command.ts'
import {
  readText,
  showAnswer,
  showRefused,
  showRefusals,
  showUsage,
  textOf,
  type Given,
  type Session,
  type Shown,
} from './session.ts'
import { tableOf } from './table.ts'

type DocumentAction = 'dataset/register' | 'policy/publish' | 'agreement/sign'

/** Sends a document; a refusal is shown at its place in the file. */
const sendDocument =
  (action: DocumentAction) =>
  async (session: Session, given: Given): Promise<Shown> => {
    const [path = ''] = given.arguments
    const text = readText(path)
    if (text === undefined) return cannotRead(session, path)
    const answer = await session.call(action, { text })
    if (!answer.ok) return showRefused(session, answer.problem, text)
    const { name, digest, logIndex } = answer.value
    return {
      data: answer.value,
      text: `${name}  ${digest}\n`,
      talk: `${session.t(`log entry ${logIndex}`, `日志条目 ${logIndex}`)}\n`,
    }
  }

const cannotRead = ({ t }: Session, path: string): Shown =>
  showUsage(t(`cannot read ${path}`, `无法读取 ${path}`))

/** Checks a policy here, without a server; against dataset documents where they are given. */
const validate = async (session: Session, given: Given): Promise<Shown> => {
  const [path = ''] = given.arguments
  const { dataset: paths = [] } = given.options
  const datasets: Dataset[] = []
  for (const path of Array.isArray(paths) ? paths : []) {
    const text = readText(path)
    if (text === undefined) return cannotRead(session, path)
    const parsed: Outcome<Dataset> = parseDocument(text, datasetSchema)
    if (!parsed.ok) return showRefusals(session, parsed.refusals, text)
    datasets.push(parsed.value)
  }
  const text = readText(path)
  if (text === undefined) return cannotRead(session, path)
  const parsed = parseDocument(text, policySchema, (policy) =>
    datasets.length === 0 ? [] : checkPolicy(policy, datasets),
  )
  if (!parsed.ok) return showRefusals(session, parsed.refusals, text)
  const words =
    datasets.length === 0
      ? session.t(
          'the form is valid; give --dataset to check the names',
          '格式有效；加 --dataset 可核对名称',
        )
      : session.t('valid', '有效')
  return { data: { valid: true }, text: '', talk: `${words}\n` }
}

/**
 * Copies the file into the domain's inbox, under a name of its own, and asks for a version of it. Files of data never
 * travel over HTTP: this command runs where the domain is.
 */
const ingest = async (session: Session, given: Given): Promise<Shown> => {
  const { t, surroundings } = session
  const [dataset = '', path = ''] = given.arguments
  const policy = textOf(given.options, 'policy') ?? ''
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
      session.call('dataset/ingest', { dataset, policy, file }),
    )
    return showAnswer(session, answer, (value) => ({
      data: value,
      text: tableOf(
        [{ title: t('column', '字段') }, { title: t('empty', '空值'), right: true }],
        value.columns.map(({ name, nulls }) => [name, String(nulls)]),
      ),
      talk: `${t(`${value.rows} rows, version ${value.version}, log entry ${value.logIndex}`, `${value.rows} 行，版本 ${value.version}，日志条目 ${value.logIndex}`)}\n`,
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
  ],
  run: ingest,
}

export const operatorGroups: readonly Group[] = [
  {
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
    ],
  },
  {
    name: 'policy',
    en: 'policies',
    zh: '策略',
    leaves: [
      {
        name: 'validate <file>',
        en: 'check a policy document here, without a server',
        zh: '在本机核对策略文档',
        options: [
          {
            flags: '--dataset <file...>',
            en: 'dataset documents it speaks of',
            zh: '相关的数据资源文档',
          },
        ],
        run: validate,
      },
      {
        name: 'publish <file>',
        en: 'publish a policy document',
        zh: '发布策略文档',
        run: sendDocument('policy/publish'),
      },
    ],
  },
  {
    name: 'agreement',
    en: 'agreements',
    zh: '授权协议',
    leaves: [
      {
        name: 'sign <file>',
        en: 'sign an agreement document',
        zh: '签署授权协议文档',
        run: sendDocument('agreement/sign'),
      },
      agreementList,
    ],
  },
]
