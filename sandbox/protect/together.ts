import { checkOtherTable } from '../../policies/output/difference.ts'
import type { CellEvidence, Evidence } from '../../policies/output/evidence.ts'
import type { ProtectedTable } from '../../policies/query/answer.ts'
import type { PeopleStage, Plan } from '../../policies/query/plan.ts'

type Tables = { readonly tables: ProtectedTable[]; readonly evidence: Evidence['stages'] }

/**
 * Several exact aggregates over the same tables in one answer are equations too: a total beside a table with a withheld
 * cell gives the cell. So where anything is withheld, of all aggregates that share a table the first alone is shown; where
 * nothing is, the reviewers are told that there are several.
 */
export const together = (plan: Plan, { tables, evidence }: Tables): Tables => {
  const stages = plan.stages.filter((stage): stage is PeopleStage => stage.kind === 'people')
  const groups = connected(stages)
  const made = stages.map((_, index) => {
    const table = tables[index]
    const own = evidence[index]
    if (table === undefined || own === undefined) throw new Error('a stage without its result')
    const others = groups.filter((group, other) => other !== index && group === groups[index])
    if (others.length === 0) return { table, own }
    const isFirst = groups.indexOf(groups[index] ?? -1) === index
    const isWithheld = stages.some(
      (_one, other) => groups[other] === groups[index] && lacks(evidence[other]),
    )
    return marked(table, own, isWithheld && !isFirst)
  })
  return {
    tables: [...made.map(({ table }) => table), ...tables.slice(stages.length)],
    evidence: made.map(({ own }) => own),
  }
}

/** For each stage the first one it shares a table with, through others too. */
const connected = (stages: readonly PeopleStage[]): readonly number[] => {
  const pairs = stages.flatMap((stage, index) =>
    stages
      .slice(0, index)
      .flatMap(({ datasets }, other) =>
        datasets.some((name) => stage.datasets.includes(name)) ? [[index, other] as const] : [],
      ),
  )
  let group = stages.map((_, index) => index)
  for (const [index, other] of pairs) {
    const [one = index, two = other] = [group[index], group[other]]
    group = group.map((own) => (own === Math.max(one, two) ? Math.min(one, two) : own))
  }
  return group
}

const lacks = (own: Evidence['stages'][number] | undefined): boolean =>
  own !== undefined &&
  (own.omitted > 0 || own.cells.some(({ figures }) => figures.some(({ withheld }) => withheld)))

const marked = (
  table: ProtectedTable,
  own: Evidence['stages'][number],
  withhold: boolean,
): { readonly table: ProtectedTable; readonly own: Evidence['stages'][number] } => {
  const cells = own.cells.map((cell): CellEvidence => ({
    ...cell,
    figures: cell.figures.map((figure) => ({
      ...figure,
      withheld: figure.withheld || withhold,
      verdicts: [...figure.verdicts, checkOtherTable(withhold)],
    })),
  }))
  const rows = table.rows.map((row) =>
    row.map((cell, index) =>
      withhold && table.columns[index]?.figure ? { withheld: true as const } : cell,
    ),
  )
  return { table: withhold ? { ...table, rows } : table, own: { ...own, cells } }
}
