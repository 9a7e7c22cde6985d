import { copyFileSync, constants, existsSync, rmSync } from 'node:fs'
import { extname, join } from 'node:path'
import { agreementList } from './catalogue.ts'
import type { Group, Leaf } from './command.ts'
import { cannotRead, sendDocument } from './document.ts'
import { policyGroup } from './policy.ts'
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
  policyGroup,
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
