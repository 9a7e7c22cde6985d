import * as z from 'zod'
import { evidenceSchema, type CellEvidence } from '../../policies/output/evidence.ts'
import type { Session } from './session.ts'
import { tableOf } from './table.ts'

/** What the domain sealed beside a held output: the checks, and the salt that opens its commitment in the log. */
const sealedSchema = z.object({ checks: evidenceSchema.nullable() })

/**
 * The evidence as a reviewer reads it: a line for each figure with its true value and the rules that did not pass, then
 * the rules that passed everywhere. `--json` gives all of it.
 */
export const evidenceTable = (evidence: string, { t }: Pick<Session, 't'>): string => {
  const { checks } = sealedSchema.parse(JSON.parse(evidence))
  const stages = checks?.stages ?? []
  const lines = stages.flatMap(({ cells }) => cells.flatMap((cell) => figureLines(cell, t)))
  const omitted = stages.reduce((sum, stage) => sum + stage.omitted, 0)
  return [
    tableOf(
      [
        { title: t('group', '组') },
        { title: t('figure', '指标') },
        { title: t('true value', '真实值'), right: true },
        { title: t('leaves', '放行') },
        { title: t('rules that did not pass', '未通过的规则') },
      ],
      lines,
    ),
    `${t('passed everywhere', '全部通过')}: ${passedEverywhere(stages.flatMap(({ cells }) => cells))}\n`,
    omitted > 0 ? `${t('groups left out whole', '整组隐去')}: ${omitted}\n` : '',
  ].join('')
}

const figureLines = ({ key, shown, figures }: CellEvidence, t: Session['t']): string[][] =>
  figures.map(({ name, value, withheld, verdicts }) => [
    key.map((part) => part ?? '∅').join(' · ') || '*',
    name,
    value ?? '∅',
    shown && !withheld ? t('yes', '是') : t('withheld', '隐去'),
    verdicts
      .filter(({ verdict }) => verdict !== 'pass')
      .map(({ rule, measured, limit, verdict }) => `${rule} ${verdict} (${measured}; ${limit})`)
      .join(', '),
  ])

const passedEverywhere = (cells: readonly CellEvidence[]): string => {
  const verdicts = cells.flatMap(({ figures }) => figures.flatMap((figure) => figure.verdicts))
  const failed = new Set(
    verdicts.filter(({ verdict }) => verdict !== 'pass').map(({ rule }) => rule),
  )
  return [...new Set(verdicts.map(({ rule }) => rule))]
    .filter((rule) => !failed.has(rule))
    .join(', ')
}
