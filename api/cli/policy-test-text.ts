import type { Refusal } from '../../policies/refusal.ts'
import type { Difference } from '../../policies/test-verdict.ts'
import { refusalText } from './refusal.ts'
import { problemHere, type Session } from './session.ts'
import { printable } from './table.ts'

/** How a case came out: as it says, otherwise, without an answer, or not tried. */
export type Outcome = 'pass' | 'fail' | 'error' | 'skipped'
export type Tried = {
  readonly name: string
  readonly outcome: Outcome
  readonly differences: readonly Difference[]
  readonly refusals: readonly Refusal[]
  /** The text that the refusals are about. */
  readonly sql?: string
  readonly reads?: Readonly<Record<string, readonly string[]>>
}
export type FileTried = {
  readonly path: string
  readonly tried: readonly Tried[]
  readonly unread?: readonly string[]
  /** What is wrong with a document, and its own text. */
  readonly faults: readonly {
    readonly path: string
    readonly text: string
    readonly refusals: readonly Refusal[]
  }[]
}

export const dataOf = (session: Session, { path, tried, faults, unread }: FileTried): object => ({
  path,
  ...(unread !== undefined && { unread }),
  ...(faults.length > 0 && {
    faults: faults.map((fault) => ({
      path: fault.path,
      refusals: problemHere(session, fault.refusals).refusals,
    })),
  }),
  cases: tried.map(({ name, outcome, differences, refusals }) => ({
    case: name,
    outcome,
    ...(differences.length > 0 && { differences }),
    ...(outcome === 'fail' &&
      refusals.length > 0 && { refusals: problemHere(session, refusals).refusals }),
  })),
})

const signs: Readonly<Record<Outcome, string>> = { pass: '✓', fail: '✗', error: '!', skipped: '-' }

export const fileText = (
  session: Session,
  { path, tried, faults, unread = [] }: FileTried,
  isVerbose: boolean,
): string => {
  const shown = tried.filter(
    ({ outcome }) => isVerbose || outcome === 'fail' || outcome === 'error',
  )
  return [
    `${printable(path)}\n`,
    ...faults.map(
      (fault) =>
        `${fault.path === path ? '' : `${printable(fault.path)}\n`}${refusalText(problemHere(session, fault.refusals), session.t('fix', '处理'), fault.text)}`,
    ),
    ...shown.map((each) => caseText(session, each)),
    ...(unread.length === 0
      ? []
      : [
          `  ${session.t('no allowed text reads', '没有任何允许的查询用到')}: ${printable(unread.join(', '))}\n`,
        ]),
  ].join('')
}

const caseText = (
  session: Session,
  { name, outcome, differences, refusals, sql }: Tried,
): string => {
  const { t } = session
  const why = outcome === 'fail' ? differences.map((each) => differenceText(session, each)) : []
  const words =
    outcome === 'fail' && refusals.length > 0
      ? refusalText(problemHere(session, refusals), t('fix', '处理'), sql)
          .replaceAll(/^/gm, '      ')
          .trimEnd()
      : undefined
  return [
    `  ${signs[outcome]} ${printable(name)}`,
    ...(outcome === 'error' ? [`      ${t('no answer', '没有答复')}`] : []),
    ...why.map((line) => `      ${printable(line)}`),
    ...(words === undefined ? [] : [words]),
  ]
    .map((line) => `${line}\n`)
    .join('')
}

const words: Readonly<Record<Exclude<Difference['what'], 'hidden'>, string>> = {
  outcome: '结果',
  codes: '代码',
  columns: '字段',
  cost: '预算',
  cells: '单元格',
  level: '级别',
  rows: '行数',
  value: '取值',
}

const differenceText = ({ t }: Session, { what, wanted, found, row }: Difference): string => {
  const at = row === undefined ? '' : t(`row ${row}: `, `第 ${row} 行：`)
  if (what === 'hidden')
    return `${at}${t(`\`${wanted}\` is not published; published: ${found}`, `\`${wanted}\` 未发布；已发布：${found}`)}`
  const [left, right] = [wanted || '-', found || '-']
  return `${at}${t(`${what}: wanted ${left}, found ${right}`, `${words[what]}：预期 ${left}，实际 ${right}`)}`
}
