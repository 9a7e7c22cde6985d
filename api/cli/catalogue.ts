import type { Output } from '../../sandbox/door.ts'
import type { Leaf } from './command.ts'
import { protectionText } from './protection.ts'
import { showAnswer, textOf, type Given, type Session, type Shown } from './session.ts'
import { shorten } from './submission.ts'
import { tableOf } from './table.ts'

type Dataset = Output<'catalogue/list'>['datasets'][number]
type Agreement = Output<'agreement/list'>['agreements'][number]

const catalog = async (session: Session, { options }: Given): Promise<Shown> => {
  const agreement = textOf(options, 'agreement')
  const answer = await session.call('catalogue/list', agreement === undefined ? {} : { agreement })
  return showAnswer(session, answer, (value) => ({
    data: value,
    text: value.datasets.map((dataset) => datasetText(session, dataset)).join('\n'),
    ...(value.datasets.length === 0
      ? {
          talk: `${session.t('nothing in the catalogue is open to you yet', '目录中暂无可用的数据资源')}\n`,
        }
      : {}),
  }))
}

const datasetText = (session: Session, dataset: Dataset): string => {
  const { t, language } = session
  const version = dataset.version?.slice(0, 12) ?? t('no version yet', '尚无版本')
  const head = `${dataset.dataset}  ${dataset.title[language]} · ${dataset.department[language]} · ${version}\n`
  const rows = dataset.columns.map((column) => [
    `  ${column.name}`,
    column.title?.[language] ?? '',
    column.type,
    column.kind === undefined ? column.use : `${column.use} ${column.kind}`,
    shorten(
      column.domain ??
        (column.clamp === undefined ? '' : `${column.clamp[0]} … ${column.clamp[1]}`),
    ),
    column.desensitized.map((method) => methodText(method)).join(', '),
    protectionText(session, column.tags),
  ])
  const titles = [
    t('  column', '  字段'),
    '',
    t('type', '类型'),
    t('use', '用途'),
    t('values', '取值'),
    t('desensitized', '脱敏'),
    t('protected as', '保护'),
  ]
  return (
    head +
    tableOf(
      titles.map((title) => ({ title })),
      rows,
    )
  )
}

/** `{"method":"prefix","length":1}` as `prefix length 1`. */
const methodText = (method: string): string => {
  const words = /^\{"method":("[\w-]+")(.*)\}$/.exec(method)
  return words === null ? method : `${words[1]}${words[2]}`.replaceAll(/[":,{}[\]]+/g, ' ').trim()
}

const agreements = async (session: Session): Promise<Shown> =>
  showAnswer(session, await session.call('agreement/list', {}), (value) => ({
    data: value,
    text: tableOf(
      [
        { title: session.t('agreement', '协议') },
        { title: session.t('organisation', '机构') },
        { title: session.t('purpose', '用途') },
        { title: session.t('doors', '出口') },
        { title: session.t('term', '期限') },
        { title: session.t('runs left', '剩余次数'), right: true },
      ],
      value.agreements.map((agreement) => [
        agreement.agreement,
        agreement.organisation,
        agreement.purpose,
        agreement.doors.join(', '),
        `${agreement.from} .. ${agreement.until}`,
        String(agreement.runsLeft),
      ]),
    ),
  }))

const budget = async (session: Session): Promise<Shown> =>
  showAnswer(session, await session.call('agreement/list', {}), ({ agreements }) => ({
    data: agreements.map(({ agreement, ledger }) => ({ agreement, ledger })),
    text: tableOf(
      [
        { title: session.t('agreement', '协议') },
        { title: session.t('scope', '范围') },
        { title: session.t('kind', '主体') },
        { title: session.t('spent', '已用 rho'), right: true },
        { title: session.t('of', '上限 rho'), right: true },
        { title: session.t('about so many more', '约可再问'), right: true },
      ],
      agreements.flatMap((agreement) => ledgerRows(agreement)),
    ),
  }))

const ledgerRows = ({ agreement, ledger }: Agreement): readonly (readonly string[])[] =>
  ledger.map((line) => [
    agreement,
    line.scope === line.name ? line.scope : `${line.scope} ${line.name}`,
    line.kind,
    amountText(line.spent.rho),
    amountText(line.limit.rho),
    String(line.questionsLeft),
  ])

/** The ledger counts 1e-9 and rounds against the asker: 0.049999998 reads as 0.05. */
const amountText = (rho: number): string => String(Number(rho.toPrecision(4)))

export const catalogueLeaves: readonly Leaf[] = [
  {
    name: 'catalog',
    en: 'list datasets and the columns you may use',
    zh: '列出数据资源与可用字段',
    options: [{ flags: '-a, --agreement <name>', en: 'of one agreement', zh: '仅某份协议' }],
    run: catalog,
  },
  {
    name: 'budget',
    en: 'show the ledgers: spent, limit, about how many more',
    zh: '显示预算台账',
    run: budget,
  },
]
export const agreementList: Leaf = {
  name: 'list',
  en: 'list agreements',
  zh: '列出授权协议',
  run: agreements,
}
