import { wordsOf, type Language, type Refusal } from '../../policies/refusal.ts'
import type { Replay } from '../../sandbox/door.ts'
import { halfWidthText } from './figure.ts'
import type { Session } from './session.ts'
import { printable } from './table.ts'

type Changed = Replay['changed'][number]
type Example = Changed['examples'][number]
type Decision = Example['before']

const outcomeWords: Readonly<Record<Changed['outcome'], Record<Language, string>>> = {
  'now-allowed': { en: 'now allowed', zh: '由拒绝变为允许' },
  'now-refused': { en: 'now refused', zh: '由允许变为拒绝' },
  'other-cost': { en: 'at another cost', zh: '预算消耗不同' },
  'other-answer': { en: 'at the same cost with another answer', zh: '预算相同，结果不同' },
  'refused-otherwise': { en: 'refused for other reasons', zh: '拒绝原因不同' },
}

/** How many submissions came to what, on one line. */
export const replaySummary = ({ t, language }: Session, replay: Replay): string => {
  const { submissions, same, undecided, changed } = replay
  const counts = changed
    .filter((each) => each.submissions > 0)
    .map((each) => `${each.submissions} ${outcomeWords[each.outcome][language]}`)
  return t(
    `replayed ${submissions} submissions: ${[`${same} the same`, ...counts, `${undecided} undecided`].join(', ')}\n`,
    `重放 ${submissions} 次提交：${[`${same} 次相同`, ...counts.map((text) => text.replace(' ', ' 次')), `${undecided} 次未能判定`].join('，')}\n`,
  )
}

/** Each outcome that there is, with the questions shown of it. */
export const replayText = (session: Session, { changed }: Replay): string =>
  changed
    .filter(({ questions }) => questions > 0)
    .flatMap((each) => [heading(session, each), ...each.examples.flatMap(linesOf(session, each))])
    .map((line) => `${printable(line)}\n`)
    .join('')

const heading = ({ t, language }: Session, { outcome, questions, examples }: Changed): string => {
  const words = outcomeWords[outcome][language]
  const count = t(`${questions} questions`, `${questions} 个问题`)
  const shown = examples.length
  if (shown === questions) return `${words}${t(': ', '：')}${count}`
  return `${words}${t(': ', '：')}${count}${t(`, ${shown} shown (--examples)`, `，列出 ${shown} 个（--examples）`)}`
}

const linesOf =
  (session: Session, { outcome }: Changed) =>
  ({ id, organisation, text, times, before, after }: Example): readonly string[] => {
    const often = times > 1 ? session.t(`  (${times} times)`, `  （${times} 次）`) : ''
    const verdicts =
      outcome === 'other-answer'
        ? decisionText(session, after)
        : `${decisionText(session, before)} → ${decisionText(session, after)}`
    return [
      `  ${id}  ${organisation}  ${verdicts}${often}`,
      `      ${text.split('\n', 1)[0] ?? ''}`,
      ...('refusals' in after
        ? after.refusals.map((refusal) => `      ${reasonText(session, refusal)}`)
        : []),
      ...widthsText(session, before, after),
    ]
  }

const reasonText = ({ language }: Session, refusal: Refusal): string =>
  `${refusal.code}: ${wordsOf(refusal, language).message}`

const decisionText = ({ t }: Session, decision: Decision): string => {
  if ('refusals' in decision)
    return `${t('refused', '拒绝')} ${[...new Set(decision.refusals.map(({ code }) => code))].join(', ')}`
  const cost = decision.cost.map((line) => `${line.kind} rho ${line.cost.rho}`).join(', ')
  return `${t('allowed', '允许')}${cost === '' ? '' : ` ${cost}`}`
}

const widthsMax = 3

/** The 95 % intervals and the number of cells that become others, of the first few columns. */
const widthsText = ({ t }: Session, before: Decision, after: Decision): readonly string[] => {
  if ('refusals' in before || 'refusals' in after) return []
  const half = (sd: number): string => `± ${halfWidthText(1.96 * sd)}`
  const widths = after.widths.flatMap(({ name, sd }) => {
    const was = before.widths.find((each) => each.name === name)
    return was === undefined || half(was.sd) === half(sd)
      ? []
      : [`${name} ${half(was.sd)} → ${half(sd)}`]
  })
  const cells = ({ cells: count }: typeof after): string =>
    count === undefined ? t('groups above a threshold', '仅超过门限的分组') : `${count}`
  return [
    ...(widths.length === 0 ? [] : [`      ${widths.slice(0, widthsMax).join(', ')}`]),
    ...(before.cells === after.cells
      ? []
      : [`      ${t('cells', '单元格')} ${cells(before)} → ${cells(after)}`]),
  ]
}
