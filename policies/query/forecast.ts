import { rational } from '../privacy/rational.ts'
import { standardDeviation } from '../privacy/gaussian.ts'
import { answerNames } from './answer-names.ts'
import type { Figure, NoiseStage, Plan } from './plan.ts'
import { cellsOf } from './grid.ts'

/** What is known of an answer before it is computed: how many cells, and how wide the noise of counts and sums is. */
export type Forecast = { cells?: number; widths: { name: string; sd: number }[] }

/** Sizes of public grids add up over the stages; a stage whose groups are not public has no number of cells. */
export const foreseen = (plan: Plan): Forecast => {
  const stages = plan.stages.filter((stage) => stage.kind === 'noise')
  const sizes = stages.map(({ keys }) => cellsOf(keys))
  const known = sizes.filter((size) => size !== undefined)
  const names = answerNames(plan)
  const widths = stages.flatMap((stage) =>
    stage.figures.flatMap((figure, position) => {
      const column = stage.keys.length + position
      const name = names(plan.stages.indexOf(stage), column).join(', ')
      return widthOf(stage, figure, name || `${figure.name} ${position + 1}`)
    }),
  )
  const cells = known.reduce((sum, size) => sum + size, 0)
  return { ...(known.length === sizes.length && sizes.length > 0 && { cells }), widths }
}

/** Counts and sums alone: the width of a ratio depends on the count, which is data. */
const widthOf = (
  { mechanisms }: NoiseStage,
  { name: figure, parts }: Figure,
  name: string,
): { name: string; sd: number }[] => {
  const [mechanism] = parts.map((part) => mechanisms[part])
  if ((figure !== 'count' && figure !== 'sum') || mechanism === undefined) return []
  const { numerator, denominator } = mechanism.sigma2
  const sd = standardDeviation(rational(BigInt(numerator), BigInt(denominator)))
  return [{ name, sd: sd / 10 ** mechanism.scale }]
}
