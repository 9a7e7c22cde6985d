import { checkDegreesOfFreedom } from '../../policies/output/degrees-of-freedom.ts'
import { checkDifference, checkOverlap } from '../../policies/output/difference.ts'
import { checkEqualValues } from '../../policies/output/equal-values.ts'
import type { CellEvidence, Evidence } from '../../policies/output/evidence.ts'
import { checkFloor } from '../../policies/output/floor.ts'
import { checkHiddenCount } from '../../policies/output/hidden-count.ts'
import { checkHomogeneous } from '../../policies/output/homogeneous.ts'
import { checkNK } from '../../policies/output/n-k.ts'
import { checkNegative } from '../../policies/output/negative.ts'
import { checkPPercent } from '../../policies/output/p-percent.ts'
import { verdict, type Verdict } from '../../policies/output/verdict.ts'
import { checkZeroOrFull } from '../../policies/output/zero-or-full.ts'
import type { ProtectedTable } from '../../policies/query/answer.ts'
import type { PeopleStage } from '../../policies/query/plan.ts'
import type { Tree } from '../../policies/relation/tree.ts'
import type { Cell } from '../../policies/result.ts'
import { gridOf, keyCell } from './cells.ts'
import {
  boundsOf,
  figureText,
  groupOf,
  keyOf,
  nameOfKey,
  nothing,
  withEntities,
  withNext,
  withSpread,
  type Group,
  type Numbers,
  type RawRow,
} from './exact.ts'
import { figureValue } from './figure.ts'
import { nextStatement, spreadStatement } from './dominance.ts'
import { entitiesStatement, totalsStatement } from './people-statement.ts'

/** Runs one statement inside. */
export type Ask = (tree: Tree) => Promise<readonly RawRow[]>

export type PeopleResult = {
  readonly table: ProtectedTable
  readonly evidence: Evidence['stages'][number]
}

/**
 * Crosses the barrier at the people door: exact figures, each with every rule's verdict; what fails is withheld. On a
 * public grid all cells are shown alike, so that an empty one cannot be told from a small one; a group whose name is not
 * public and that fails as a whole is left out.
 */
export const protectPeople = async (stage: PeopleStage, ask: Ask): Promise<PeopleResult> => {
  const groups = await groupsOf(stage, ask)
  const isPublic = stage.keys.every(({ values }) => values !== undefined)
  const keys = isPublic ? gridOf(stage) : [...groups.values()].map(({ key }) => key).sort(byName)
  const cells = keys.map((key) => cellOf(stage, groups, key))
  const shown = cells.filter((cell) => isPublic || cell.shown)
  return {
    table: tableOf(stage, shown),
    evidence: { cells, omitted: cells.length - shown.length },
  }
}

const byName = (one: readonly unknown[], two: readonly unknown[]): number =>
  JSON.stringify(one) < JSON.stringify(two) ? -1 : 1

/** True numbers of all groups: exact where a bound did not settle it, and dominance where every floor holds. */
const groupsOf = async (stage: PeopleStage, ask: Ask): Promise<Map<string, Group>> => {
  const width = stage.keys.length
  const { tree, items } = totalsStatement(stage)
  const groups = new Map<string, Group>()
  const put = (group: Group): void => void groups.set(nameOfKey(group.key), group)
  for (const row of await ask(tree)) put(groupOf(stage, items, row))
  const update: Update = async (statement, change) => {
    for (const row of await ask(statement)) {
      const group = groups.get(nameOfKey(keyOf(row, width)))
      if (group !== undefined) put(change(group, row))
    }
  }
  const doubtful = [...groups.values()].filter((group) => isDoubtful(stage, group))
  if (doubtful.length > 0)
    await update(
      entitiesStatement(
        stage,
        doubtful.map(({ key }) => key),
      ).tree,
      (group, row) => withEntities(stage, group, row),
    )
  await addContributions(stage, groups, update)
  return groups
}

type Update = (statement: Tree, change: (group: Group, row: RawRow) => Group) => Promise<void>

/** Groups that one statement names: their literals stand in it. */
const batch = 1000

/** Who adds how much to the groups in which every floor holds: as many of the greatest as the rules look at. */
const addContributions = async (
  stage: PeopleStage,
  groups: ReadonlyMap<string, Group>,
  update: Update,
): Promise<void> => {
  const probes = stage.probes.flatMap(({ value }, index) => (value === undefined ? [] : [index]))
  const solid = [...groups.values()].filter((group) =>
    floorsOf(stage, group.numbers[0]).every(passes),
  )
  if (probes.length === 0) return
  for (let start = 0; start < solid.length; start += batch) {
    const keys = solid.slice(start, start + batch).map(({ key }) => key)
    const subject = { stage, probes, groups: keys }
    await update(spreadStatement(subject), (group, row) => withSpread(subject, group, row))
    for (let known = 1; known < Math.max(2, stage.dominance.n); known += 1) {
      const bounds = keys.map((key) => {
        const group = groups.get(nameOfKey(key))
        return group === undefined ? [] : boundsOf(subject, group)
      })
      await update(nextStatement(subject, bounds), (group, row) => withNext(subject, group, row))
    }
  }
}

/** A lower bound of entities settles that a floor holds, and nothing else. Counts of entities are always exact. */
const isDoubtful = (stage: PeopleStage, { numbers }: Group): boolean =>
  stage.figures.some(({ distinct }) => distinct) ||
  numbers.some(
    ({ rows, entities }) =>
      rows > 0n && stage.kinds.some(({ floor }, kind) => (entities[kind] ?? 0n) < BigInt(floor)),
  )

const passes = ({ verdict: outcome }: Verdict): boolean => outcome !== 'fail'

const floorsOf = (stage: PeopleStage, numbers: Numbers | undefined): readonly Verdict[] =>
  stage.kinds.map(({ kind, floor }, index) =>
    checkFloor({ kind, floor }, numbers?.entities[index] ?? 0n, numbers?.exact[index] ?? true),
  )

/** Every rule about one probe by itself. */
const verdictsOf = (stage: PeopleStage, probe: number, numbers: Numbers): readonly Verdict[] => {
  const floors = floorsOf(stage, numbers)
  if (stage.probes[probe]?.value === undefined || !floors.every(passes)) return floors
  const { contributions, complete, entities } = numbers
  const range = verdict('range', complete ? 'pass' : 'fail', '')
  if (contributions === undefined) return [...floors, verdict('range', 'fail', '')]
  const { pPercent, n, kPercent } = stage.dominance
  return [
    ...floors,
    range,
    checkPPercent(contributions, pPercent),
    checkNK(contributions, n, kPercent),
    checkHiddenCount(contributions, entities[0] ?? 0n, stage.kinds[0]?.floor ?? 0),
    checkNegative(contributions),
    checkEqualValues(contributions),
  ]
}

const cellOf = (
  stage: PeopleStage,
  groups: ReadonlyMap<string, Group>,
  key: Group['key'],
): CellEvidence => {
  const empty = stage.probes.map(() => nothing(stage.kinds.length))
  const numbers = groups.get(nameOfKey(key))?.numbers ?? empty
  const [base = nothing(stage.kinds.length)] = numbers
  const whole = [...floorsOf(stage, base), ...homogeneityOf(stage, groups, key, base)]
  const single = numbers.map((own, probe) => verdictsOf(stage, probe, own))
  const differences = differencesOf(stage, numbers, single)
  const figures = stage.figures.map((figure, index) => {
    const own = numbers[figure.probe] ?? base
    const scale = stage.probes[figure.probe]?.scale ?? 0
    const isSpread = figure.name.startsWith('var') || figure.name.startsWith('stddev')
    const verdicts = [
      ...whole,
      ...(figure.probe === 0 ? [] : (single[figure.probe] ?? [])),
      ...(isSpread ? [checkDegreesOfFreedom(own.entities[0] ?? 0n)] : []),
      checkZeroOrFull(own.rows, figure.filtered ? base.rows : 0n),
      ...(differences[index] ?? []),
    ]
    return {
      name: figure.name,
      value: figureText(figure, own, scale),
      withheld: !verdicts.every(passes),
      verdicts,
    }
  })
  return { key: [...key], shown: whole.every(passes), figures }
}

/** Entities of this cell among those of all cells that differ from it in sensitive keys alone. */
const homogeneityOf = (
  stage: PeopleStage,
  groups: ReadonlyMap<string, Group>,
  key: Group['key'],
  base: Numbers,
): readonly Verdict[] => {
  if (!stage.keys.some(({ sensitive }) => sensitive)) return []
  const open = (of: Group['key']): string =>
    JSON.stringify(of.map((value, index) => (stage.keys[index]?.sensitive ? 0 : value)))
  const all = [...groups.values()]
    .filter((group) => open(group.key) === open(key))
    .reduce((sum, { numbers }) => sum + (numbers[0]?.entities[0] ?? 0n), 0n)
  return [checkHomogeneous(base.entities[0] ?? 0n, all)]
}

/**
 * For each figure what its families say: if a part that its conditions make with others has rows and is not safe by
 * itself, figures under one condition are kept, about the whole group if they pass, and the rest is withheld.
 */
const differencesOf = (
  stage: PeopleStage,
  numbers: readonly Numbers[],
  single: readonly (readonly Verdict[])[],
): readonly (readonly Verdict[])[] => {
  const verdicts: Verdict[][] = stage.figures.map(() => [])
  for (const { figures, parts, overlaps } of stage.families) {
    if (overlaps) for (const figure of figures) verdicts[figure]?.push(checkOverlap())
    if (parts.length === 0) continue
    const unsafe = parts.filter(
      (part) => (numbers[part]?.rows ?? 0n) > 0n && !(single[part] ?? []).every(passes),
    ).length
    const flagOf = (figure: number): number | undefined =>
      stage.probes[stage.figures[figure]?.probe ?? -1]?.flag
    const safe = figures.filter((figure) =>
      (single[stage.figures[figure]?.probe ?? -1] ?? []).every(passes),
    )
    const kept = safe.find((figure) => flagOf(figure) === stage.probes[0]?.flag) ?? safe[0]
    for (const figure of figures)
      verdicts[figure]?.push(
        checkDifference(unsafe, kept !== undefined && flagOf(figure) === flagOf(kept)),
      )
  }
  return verdicts
}

const tableOf = (stage: PeopleStage, cells: readonly CellEvidence[]): ProtectedTable => ({
  columns: [
    ...stage.keys.map(({ type }) => ({ type, figure: false })),
    ...stage.figures.map(({ type }) => ({ type, figure: true })),
  ],
  rows: cells.map(({ key, figures }) => [
    ...stage.keys.map(({ type }, index) => keyCell(key[index] ?? null, type.id)),
    ...figures.map(({ value, withheld }, index): Cell =>
      withheld ? { withheld: true } : { value: figureValue(value, stage.figures[index]?.type.id) },
    ),
  ]),
})
