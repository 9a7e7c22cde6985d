import { readDocuments } from '../../policies/documents.ts'
import { fromFemto, fromNano } from '../../policies/privacy/amount.ts'
import { simulate, type Planned, type Simulated } from '../../policies/simulate.ts'
import { wordsOf } from '../../policies/refusal.ts'
import { halfWidthText } from './figure.ts'
import {
  isShown,
  readTexts,
  showRefusedFile,
  showUsage,
  type Given,
  type Session,
  type Shown,
} from './session.ts'
import { tableOf } from './table.ts'

type Answered = Extract<Simulated, { sd: number }>

/**
 * Typical questions of a policy at its usual rho: cells, width, cost, and how often each can be asked until a ledger
 * ends. Takes the policy, its datasets, and an agreement for its own limits; without a server.
 */
export const simulatePolicy = async (session: Session, given: Given): Promise<Shown> => {
  const files = readTexts(session, given.arguments)
  if (isShown(files)) return files
  const { read, documents } = readDocuments(files.map(({ text }) => text))
  for (const [at, file] of files.entries())
    if (read[at]?.ok === false) return showRefusedFile(session, read[at].refusals, file)
  const { policies, datasets, agreements } = documents
  const [policy] = policies
  const missing = Object.keys(policy?.datasets ?? {}).filter(
    (name) => !datasets.some(({ dataset }) => dataset === name),
  )
  if (policy === undefined || policies.length > 1 || agreements.length > 1 || missing.length > 0)
    return showUsage(
      session.t(
        `give one policy, its datasets and at most one agreement${missing.length > 0 ? `; missing: ${missing.join(', ')}` : ''}`,
        `请给出一份策略、其全部数据资源文档及至多一份协议${missing.length > 0 ? `；缺少：${missing.join('、')}` : ''}`,
      ),
    )
  const found = simulate(policy, datasets, agreements[0])
  return {
    data: {
      policy: policy.policy,
      rho: policy.question.rho,
      questions: found.questions.map(dataOf),
      limits: found.limits,
    },
    text: [
      ...[...new Set(found.questions.map(({ dataset }) => dataset))].map((dataset) =>
        datasetText(session, dataset, found.questions),
      ),
      limitsText(session, found.limits, policy.question.rho),
    ].join('\n'),
  }
}

const dataOf = (question: Simulated): object =>
  'refusals' in question
    ? question
    : {
        ...question,
        cost: question.cost.map(({ kind, rhoNano, deltaFemto }) => ({
          kind,
          rho: fromNano(rhoNano),
          delta: fromFemto(deltaFemto),
        })),
      }

const datasetText = (
  session: Session,
  dataset: string,
  questions: readonly Simulated[],
): string => {
  const { t } = session
  const own = questions.filter((question) => question.dataset === dataset)
  const table = tableOf(
    [
      { title: dataset },
      { title: t('cells', '单元格'), right: true },
      { title: t('± 95 %', '±95%'), right: true },
      { title: t('cost', '预算') },
      { title: t('questions', '次数'), right: true },
    ],
    own.map((question) => [nameOf(session, question), ...cellsOf(session, question)]),
  )
  const notes = own.flatMap((question) => noteOf(session, question))
  return `${table}${notes.map((note) => `  ${note}\n`).join('')}`
}

const nameOf = ({ t }: Session, { figure, measure, by }: Simulated): string => {
  const what =
    figure === 'count' ? t('count', '计数') : t(`sum of ${measure ?? ''}`, `${measure ?? ''} 合计`)
  return by === undefined ? what : t(`${what} by ${by}`, `按 ${by} ${what}`)
}

const cellsOf = (session: Session, question: Simulated): readonly string[] => {
  if ('refusals' in question)
    return ['-', '-', question.refusals.map(({ code }) => code).join(', '), '0']
  const { cells, least, halfWidth95, cost, questionsLeft } = question
  return [
    cells === undefined
      ? session.t(`from ${least ?? 0} entities`, `主体数 ≥ ${least ?? 0}`)
      : String(cells),
    halfWidthText(halfWidth95),
    cost.map(({ kind, rhoNano }) => `${kind} ${fromNano(rhoNano)}`).join(', '),
    String(questionsLeft),
  ]
}

/** What a table cannot say: that a grouped question is one question, and why another cannot be asked. */
const noteOf = (session: Session, question: Simulated): readonly string[] => {
  const { t, language } = session
  if ('refusals' in question)
    return question.refusals.map(
      (refusal) => `${nameOf(session, question)}: ${wordsOf(refusal, language).message}`,
    )
  const { by, cells, cost } = question
  if (by === undefined || cells === undefined || cells < 2) return []
  const single = dearest(cost)
  return [
    t(
      `by ${by}: one question of rho ${single} answers ${cells} cells; asked one at a time they cost ${round(single * cells)}`,
      `按 ${by}：一次提问（rho ${single}）答出 ${cells} 格；逐格提问共需 ${round(single * cells)}`,
    ),
  ]
}

const dearest = (cost: Answered['cost']): number =>
  Math.max(...cost.map(({ rhoNano }) => fromNano(rhoNano)))
const round = (rho: number): number => Number(rho.toPrecision(6))

const limitsText = ({ t }: Session, limits: readonly Planned[], usual: number): string =>
  limits.length === 0
    ? `${t('the noise door is closed: no ledger is spent', '加噪出口未开放：不动用台账')}\n`
    : limits
        .map(({ scope, name, rho, usualQuestions, epsilon, delta }) => {
          const whose =
            scope === 'domain'
              ? t(`${name}, everybody together, for ever`, `${name}（全体共用，不再恢复）`)
              : t(`agreement ${name}, in its life`, `协议 ${name}（有效期内）`)
          return t(
            `${whose}: rho ${rho} pays ${usualQuestions} questions of rho ${usual}; all of it is epsilon ${epsilon.toFixed(2)} at delta ${delta}\n`,
            `${whose}：rho ${rho} 可支付 ${usualQuestions} 次提问（每次 ${usual}）；用尽相当于 epsilon ${epsilon.toFixed(2)}（delta ${delta}）\n`,
          )
        })
        .join('')
