import { datasetSchema, type Dataset } from '../../../policies/dataset.ts'
import { policySchema, type Policy } from '../../../policies/policy.ts'

/*
 * A database of nobody but canaries: entities of the worst kind, each in cells of its own, every other one of them
 * absent. One answer over all cells is thus as many answers over two neighbouring databases as there are canaries.
 */
export const cellCount = 2000
/** So many enterprises of a person count. */
const personUnits = 3
/** A canary that lies in several groups has these many for itself. */
export const placesOfOne = 8

const title = { zh: '审计', en: 'audit' }
const nameOf = (index: number): string => `c${String(index).padStart(4, '0')}`
export const names = Array.from({ length: cellCount }, (_, index) => nameOf(index))

const dataset = (name: string, columns: readonly object[], more: object = {}): Dataset =>
  datasetSchema.parse({
    dataset: name,
    title,
    department: title,
    entities: [{ kind: 'enterprise', column: 'uscc' }],
    grain: ['uscc', 'nr'],
    columns: [
      { name: 'uscc', type: 'text', class: 'identifier', level: 3 },
      { name: 'nr', type: 'integer', class: 'code', level: 2 },
      ...columns.map((column) => ({ level: 2, class: 'code', ...column })),
    ],
    ...more,
  })
/** Enterprises, each with the person behind it. */
const held = (name: string): Dataset =>
  dataset(
    name,
    [
      { name: 'holder', type: 'text', class: 'identifier', level: 3 },
      { name: 'cell', type: 'text' },
      { name: 'amount', type: 'decimal(18,2)', class: 'amount' },
    ],
    {
      entities: [
        { kind: 'enterprise', column: 'uscc' },
        { kind: 'person', column: 'holder' },
      ],
      grain: ['uscc'],
    },
  )

export const datasets: Readonly<Record<string, Dataset>> = {
  trial: dataset('trial', [
    { name: 'cell', type: 'text' },
    { name: 'word', type: 'text' },
    { name: 'amount', type: 'decimal(18,2)', class: 'amount' },
    { name: 'wealth', type: 'decimal(18,2)', class: 'amount' },
  ]),
  visit: dataset('visit', [{ name: 'place', type: 'text' }]),
  holding: held('holding'),
  owning: held('owning'),
}
const grid = { use: 'dimension', domain: { codes: names } }
const heldRules = {
  contribution: { rowsMax: 1, groupsMax: 1 },
  columns: {
    cell: { ...grid, ofEntity: true },
    amount: { use: 'measure', clamp: [-100, 100] },
  },
}
export const policy: Policy = policySchema.parse({
  policy: 'audit',
  title,
  doors: ['noise'],
  kinds: {
    enterprise: { floor: 3, ledger: { rho: 10, delta: 1e-3 } },
    person: { floor: 3, unitsMax: personUnits, ledger: { rho: 10, delta: 1e-3 } },
  },
  question: { rho: 0.5, rhoMax: 1, delta: 1e-3, gridMax: cellCount },
  datasets: {
    trial: {
      contribution: { rowsMax: 1, groupsMax: 1 },
      columns: {
        cell: { ...grid, ofEntity: true },
        word: { use: 'dimension', ofEntity: true },
        amount: { use: 'measure', clamp: [0, 100] },
        wealth: { use: 'measure', clamp: [0, 9e12] },
      },
    },
    visit: { contribution: { rowsMax: 2, groupsMax: 2 }, columns: { place: grid } },
    holding: heldRules,
    owning: heldRules,
  },
})

type Rows = readonly (readonly string[])[]

/** Rows beyond every bound: more than may count, of more than may be added up, in more groups than may be reached. */
const trial: Rows = names.flatMap((name, index) =>
  index % 2 === 0
    ? []
    : Array.from({ length: 5 }, (_, row) => [
        String(index + 1),
        name,
        name,
        '900.00',
        row === 0 ? '0.03' : '0.00',
      ]),
)
const visit: Rows = Array.from({ length: cellCount / placesOfOne }, (_, block) => block)
  .filter((block) => block % 2 === 1)
  .flatMap((block) =>
    Array.from({ length: 5 * placesOfOne }, (_, row) => [
      String(block + 1),
      nameOf(block * placesOfOne + (row % placesOfOne)),
    ]),
  )

/** Persons behind more enterprises than count, each of more than may be added up. */
const holding: Rows = names.flatMap((name, index) =>
  index % 2 === 0
    ? []
    : Array.from({ length: 3 * personUnits }, (_, unit) => [
        String(10 * index + unit),
        String(index),
        name,
        '900.00',
      ]),
)

/**
 * Persons with as many enterprises as count and one more. Where the first is absent, the last comes in its place and its
 * amount lies at the other end: one enterprise more or less moves a sum by twice what one may add.
 */
const owning: Rows = names.flatMap((name, index) =>
  Array.from({ length: personUnits + 1 }, (_, unit) => [
    String(10 * index + unit),
    String(index),
    name,
    unit === 0 ? '900.00' : unit === personUnits ? '-900.00' : '0.00',
  ]).slice(index % 2 === 0 ? 1 : 0),
)

/** Of each dataset its rows, as they are published: cells in the order of `publishedColumns`. */
export const rows: Readonly<Record<string, Rows>> = { trial, visit, holding, owning }
