import { decimalText } from '../relation/scaled.ts'
import type { Context } from './context.ts'
import { answerNames } from './answer-names.ts'
import type { NoiseStage, Note, Plan } from './plan.ts'
import { sure } from '../sure.ts'

/** What a reader must know to read the figures: bounds applied, groups kept, what is left out. Public figures only. */
export const notesOf = (
  stages: readonly NoiseStage[],
  answer: Pick<Plan, 'post' | 'answer'>,
  context: Context,
): readonly Note[] => {
  const names = answerNames(answer)
  const notes = stages.flatMap((stage, position) => {
    const named = (figure: number): string => names(position, stage.keys.length + figure).join(', ')
    return notesOfStage(stage, named, context)
  })
  return [...new Map(notes.map((note) => [JSON.stringify(note), note])).values()]
}

const notesOfStage = (
  stage: NoiseStage,
  named: (figure: number) => string,
  context: Context,
): readonly Note[] => {
  const clamps = stage.figures.flatMap(({ name, low, high }, figure): Note[] =>
    low === undefined || high === undefined
      ? []
      : [{ note: 'clamped', params: { measure: named(figure) || name, low, high } }],
  )
  const totals = stage.mechanisms.flatMap(({ kind, low, high, scale, tree }): Note[] => {
    if (kind === 'values') return [{ note: 'values-max', params: { values: Number(high) } }]
    const step = tree && decimalText(BigInt(tree.width), scale)
    const grid: Note[] = step === undefined ? [] : [{ note: 'quantile-grid', params: { step } }]
    if (stage.single || kind === 'units') return grid
    if (kind === 'tree') return [...grid, { note: 'rows-max', params: { rows: Number(high) } }]
    if (kind === 'rows') return [{ note: 'rows-max', params: { rows: Number(high) } }]
    const text = (units: string): string => decimalText(BigInt(units), scale)
    return [{ note: 'entity-clamped', params: { low: text(low), high: text(high) } }]
  })
  const kinds = [
    ...new Set(stage.mechanisms.flatMap(({ sensitivity }) => sensitivity.map(({ kind }) => kind))),
  ]
  return [
    {
      note: stage.threshold ? 'groups-above-threshold' : 'groups-public',
      params: stage.threshold ? { least: stage.threshold.least } : {},
    },
    ...clamps,
    ...totals,
    ...(stage.oneGroup ? [] : [{ note: 'groups-max', params: { groups: stage.groupsMax } }]),
    ...kinds.slice(1).map((kind) => ({
      note: 'units-max',
      params: { kind, units: sure(context.policy.kinds[kind]?.unitsMax, 'a bound') },
    })),
  ]
}
