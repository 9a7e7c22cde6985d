import { gaussianTail } from '../../policies/privacy/gaussian.ts'
import { postTables, type ProtectedTable } from '../../policies/query/answer.ts'
import type { NoiseStage, Plan } from '../../policies/query/plan.ts'
import { typeSql } from '../../policies/relation/type.ts'
import { branching } from '../../policies/query/quantile.ts'
import { exactOf, leavesOf, protectNoise } from '../../sandbox/protect/noise.ts'
import type { Leaves } from '../../sandbox/protect/tree.ts'
import { quoteName } from '../../sandbox/query/render.ts'
import { quoted, type openDuck } from '../support/duck.ts'
import { answersIn, silence } from '../support/gate.ts'
import { fillTown, type TownRows } from '../support/town.ts'

/*
 * Small towns made to be bad: values beyond every bound, units in many groups with many rows, a person behind most of
 * the units, rows of units that no register knows. Each has a neighbour for every entity, without its rows.
 */
type Row = readonly (string | null)[]
type Duck = Awaited<ReturnType<typeof openDuck>>

const generator = (seed: number) => {
  let state = seed * 7919 + 13
  return (below: number): number => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}

const many = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index))

/** One row for each grain, as publishing has made sure. */
const oneEach = (rows: readonly Row[], grain: readonly number[]): readonly Row[] => [
  ...new Map(rows.map((row) => [JSON.stringify(grain.map((at) => row[at])), row])).values(),
]

const badTown = (seed: number): TownRows => {
  const below = generator(seed)
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!
  const day = (): string => `2024-${String(1 + below(12)).padStart(2, '0')}-01`
  return {
    enterprise: many(5, (index) => [
      String(index + 1),
      pick(['east', 'west', 'north', 'elsewhere']),
      pick(['food', 'steel', null]),
      pick([null, '-5.00', '1.00', '700.00', '5000.00']),
      pick(['1995-01-01', '2010-05-01']),
      pick([null, '9000', '4', '1']),
      pick(['true', 'false', null]),
    ]),
    tax: oneEach(
      many(24, () => [
        String(1 + below(6)),
        day(),
        pick(['vat', 'income', 'other']),
        pick([null, '-900.00', '10.00', '900.00', '1.00']),
        pick([null, '5', '400', '-1']),
      ]),
      [0, 1, 2],
    ),
    court: oneEach(
      many(8, () => [
        pick([null, String(1 + below(6))]),
        day(),
        pick(['plaintiff', 'defendant']),
        pick([null, '50.00', '900.00']),
      ]),
      [0, 1],
    ),
    owner: many(6, (index) => [
      String(index + 1),
      pick([null, '1', '1', '1', '2']),
      pick(['f', 'm']),
      pick(['50', '900', '1']),
    ]),
    region: [
      ['east', 'A', '1'],
      ['west', 'A', '2'],
      ['north', 'B', '3'],
    ],
  }
}

const identifiers: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  enterprise: { enterprise: 0, tax: 0, court: 0, owner: 0 },
  person: { owner: 1 },
}

const without = (rows: TownRows, kind: string, who: string): TownRows =>
  Object.fromEntries(
    Object.entries(rows).map(([name, table]) => {
      const place = identifiers[kind]?.[name]
      return [name, place === undefined ? table : table.filter((row) => row[place] !== who)]
    }),
  )

/** A town and its neighbours as schemas of an engine; `of` is the kind of the entity that is missing. */
export type Town = {
  readonly whole: string
  readonly rows: TownRows
  readonly neighbours: readonly { readonly schema: string; readonly kind: string }[]
}

export const buildTowns = async (duck: Duck, count: number): Promise<readonly Town[]> => {
  const towns: Town[] = []
  for (let seed = 1; seed <= count; seed += 1) {
    const rows = badTown(seed)
    const build = async (schema: string, content: TownRows): Promise<string> => {
      await duck.run(`CREATE SCHEMA ${schema}`)
      await duck.run(`USE memory.${schema}`)
      await fillTown(duck, content)
      return schema
    }
    const whole = await build(`town_${seed}`, rows)
    const missing = [
      ...['1', '2', '3', '4', '5', '6'].map((who) => ({ kind: 'enterprise', who })),
      ...['1', '2'].map((who) => ({ kind: 'person', who })),
    ]
    const neighbours: { schema: string; kind: string }[] = []
    for (const { kind, who } of missing)
      neighbours.push({
        kind,
        schema: await build(`town_${seed}_${kind}_${who}`, without(rows, kind, who)),
      })
    towns.push({ whole, rows, neighbours })
  }
  return towns
}

export type Exact = {
  readonly units: ReadonlyMap<string, readonly bigint[]>
  /** Rows of each node of each tree, by mechanism and level, then by group and node. */
  readonly nodes: ReadonlyMap<number, readonly ReadonlyMap<string, bigint>[]>
}

/** Protected results stand beside the towns, the same for all of them: what was released is known to everybody. */
const tableSql = (name: string): string =>
  name.startsWith('protected_') ? `memory.main.${quoteName(name)}` : quoteName(name)

export const answersOf = async (
  duck: Duck,
  schema: string,
  stage: NoiseStage,
): ReturnType<typeof answersIn> => {
  await duck.run(`USE memory.${schema}`)
  return answersIn(stage, duck, tableSql)
}

/** Exact integers by group, in whole units of each mechanism; what lies outside a public grid is not answered. */
export const exactIn = async (duck: Duck, schema: string, stage: NoiseStage): Promise<Exact> =>
  exactFrom(stage, await answersOf(duck, schema, stage))

export const exactFrom = (
  stage: NoiseStage,
  answers: Awaited<ReturnType<typeof answersIn>>,
): Exact => {
  const isInside = (group: string): boolean =>
    (JSON.parse(group) as (string | null)[]).every((key, index) => {
      const { values } = stage.keys[index]!
      return values === undefined || key === null || values.includes(key)
    })
  const units = new Map([...exactOf(stage, answers)].filter(([group]) => isInside(group)))
  const nodes = [...leavesOf(stage, answers)].map(([index, groups]) => {
    const inside = [...groups].filter(([group]) => isInside(group))
    return [index, levelsOf(stage.mechanisms[index]!, inside)] as const
  })
  return { units, nodes: new Map(nodes) }
}

const levelsOf = (
  { tree }: NoiseStage['mechanisms'][number],
  groups: readonly (readonly [string, Leaves])[],
): readonly ReadonlyMap<string, bigint>[] =>
  Array.from({ length: tree!.levels }, (_, level) => {
    const nodes = new Map<string, bigint>()
    for (const [group, leaves] of groups)
      for (const [leaf, rows] of leaves) {
        const node = `${group} ${Math.floor(leaf / branching ** level)}`
        nodes.set(node, (nodes.get(node) ?? 0n) + rows)
      }
    return nodes
  })

/** Protects the stages that a later one looks up, from the rows of one town, and keeps them beside the towns. */
export const release = async (duck: Duck, schema: string, plan: Plan): Promise<void> => {
  const tables: ProtectedTable[] = []
  for (const [position, stage] of plan.stages.slice(0, -1).entries()) {
    if (stage.kind !== 'noise') return
    tables.push(protectNoise(stage, await answersOf(duck, schema, stage), silence))
    const { name, columns, rows } = postTables(plan, tables)[position]!
    const list = columns.map((column) => `${quoteName(column.name)} ${typeSql(column.type)}`)
    await duck.run(`CREATE OR REPLACE TABLE ${tableSql(name)} (${list.join(', ')})`)
    const cells = rows.map((row) => `(${row.map(quoted).join(', ')})`)
    if (cells.length > 0) await duck.run(`INSERT INTO ${tableSql(name)} VALUES ${cells.join(', ')}`)
  }
}

const squares = (one: ReadonlyMap<string, bigint>, two: ReadonlyMap<string, bigint>): bigint =>
  [...new Set([...one.keys(), ...two.keys()])].reduce((sum, name) => {
    const change = (one.get(name) ?? 0n) - (two.get(name) ?? 0n)
    return sum + change * change
  }, 0n)

const figuresOf = ({ units }: Exact, mechanism: number): ReadonlyMap<string, bigint> =>
  new Map([...units].map(([group, all]) => [group, all[mechanism] ?? 0n]))

/** The squared L2 distance of one mechanism's figures over all groups; of a tree's nodes, that of the worst level. */
export const distance = (one: Exact, two: Exact, mechanism: number): bigint => {
  const levels = one.nodes.get(mechanism)
  if (levels === undefined) return squares(figuresOf(one, mechanism), figuresOf(two, mechanism))
  const other = two.nodes.get(mechanism)!
  return levels
    .map((nodes, level) => squares(nodes, other[level]!))
    .reduce((most, each) => (each > most ? each : most), 0n)
}

/**
 * The chance that a group appears which is a group in one of two neighbours alone, for a stage with a threshold: the
 * sum over those groups of the chance that the noise lifts their units over it.
 */
export const chanceOfAppearance = (
  { threshold, mechanisms }: NoiseStage,
  one: Exact,
  two: Exact,
): number => {
  if (threshold === undefined) return 0
  const { numerator, denominator } = mechanisms[threshold.mechanism]!.sigma2
  const variance = { numerator: BigInt(numerator), denominator: BigInt(denominator) }
  const units = (town: Exact, group: string): bigint =>
    town.units.get(group)?.[threshold.mechanism] ?? 0n
  return [...new Set([...one.units.keys(), ...two.units.keys()])].reduce((sum, group) => {
    const [here, there] = [units(one, group), units(two, group)]
    if (here > 0n === there > 0n) return sum
    return sum + gaussianTail(variance, BigInt(threshold.least) - (here > there ? here : there))
  }, 0)
}
