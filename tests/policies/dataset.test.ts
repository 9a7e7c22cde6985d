import { expect, test } from 'vitest'
import { dataTypeOf, datasetSchema, type Dataset } from '../../policies/dataset.ts'
import { parseDocument } from '../../policies/document.ts'
import { typeSql } from '../../policies/relation/type.ts'

const title = { zh: '题', en: 'title' }
const withParts = (rest: object): unknown => ({
  dataset: 'd',
  title,
  department: title,
  entities: [{ kind: 'enterprise', column: 'id' }],
  grain: ['id', 'month'],
  columns: [
    { name: 'id', type: 'text', class: 'identifier', level: 2, standard: 'uscc' },
    { name: 'month', type: 'date', class: 'code', level: 1 },
    { name: 'free', type: 'text', class: 'text', level: 2 },
  ],
  ...rest,
})
const problemsOf = (rest: object): string[] => {
  const parsed = parseDocument(JSON.stringify(withParts(rest)), datasetSchema)
  return parsed.ok
    ? []
    : parsed.refusals.map(
        ({ code, params: { where, problem, name, allowed, value, type } }) =>
          `${where}: ${
            problem ??
            [code.slice('source/'.length), name, name && 'of', allowed, value, type]
              .filter((part) => part !== undefined)
              .join(' ')
          }`,
      )
}
const column = (name: string, type: string, rest: object = {}): object => ({
  name,
  type,
  class: 'amount',
  level: 1,
  ...rest,
})

test('a sound catalogue entry is taken, with what it leaves out filled in', () => {
  const dataset: Dataset = datasetSchema.parse(withParts({}))
  expect(dataset.csv).toEqual({ delimiter: ',', null: [''] })
  expect(dataset.columns[0]?.nullable).toBe(false)
})

const unit = { kind: 'enterprise', column: 'id' }
test.each([
  [
    { entities: [{ kind: 'enterprise', column: 'free' }] },
    'entities.0.column: an entity is named by a column of class identifier',
  ],
  [
    { entities: [{ kind: 'enterprise', column: 'none' }] },
    'entities.0.column: unknown-name none of id',
  ],
  [{ entities: [unit, { kind: 'person', column: 'id' }] }, 'entities.1.column: repeats id'],
  [{ grain: ['id', 'day'] }, 'grain.1: unknown-name day of id, month, free'],
  [{ grain: ['id', 'id'] }, 'grain.1: repeats id'],
  [
    { columns: [column('a', 'text'), column('a', 'date')], entities: [], grain: ['a'] },
    'columns.1.name: repeats a',
  ],
  [
    { columns: [column('a', 'integer', { standard: 'uscc' })], entities: [], grain: ['a'] },
    'columns.0.standard: not-for-type text',
  ],
  [
    { columns: [column('a', 'integer', { codes: ['1'] })], entities: [], grain: ['a'] },
    'columns.0.codes: not-for-type text',
  ],
  [
    { columns: [column('a', 'text', { codes: ['1', '2', '1'] })], entities: [], grain: ['a'] },
    'columns.0.codes.2: repeats 1',
  ],
  [
    {
      columns: [
        column('id', 'text', { class: 'identifier' }),
        column('a', 'date', { authority: { dataset: 'other', column: 'a' } }),
      ],
      grain: ['id', 'a'],
    },
    'columns.1.authority: another dataset answers for an attribute of the first entity, not for a key',
  ],
  [
    {
      columns: [column('id', 'text', { class: 'identifier', standard: 'token' })],
      grain: ['id'],
    },
    'columns.0.standard: the standard `token` and an `agreement` belong together',
  ],
  [
    {
      columns: [
        column('id', 'text', { class: 'identifier', standard: 'uscc' }),
        column('a', 'text', { class: 'identifier', standard: 'token', agreement: 'bank-a' }),
      ],
      grain: ['id'],
    },
    'columns.1.standard: the standard `token` is for the columns of entities',
  ],
  [
    { columns: [column('a', 'decimal(2,3)')], entities: [], grain: ['a'] },
    'columns.0.type: a decimal has at most as much scale as width',
  ],
])('%j is refused: %s', (rest, problem) => {
  expect(problemsOf(rest)).toEqual([problem])
})

test('one kind has one column', () => {
  const columns = ['id', 'id2'].map((name) => column(name, 'text', { class: 'identifier' }))
  const entities = [unit, { kind: 'enterprise', column: 'id2' }]
  expect(problemsOf({ columns, entities, grain: ['id'] })).toEqual([
    'entities.1.kind: repeats enterprise',
  ])
})

test.each([
  ['text', 'VARCHAR'],
  ['integer', 'BIGINT'],
  ['date', 'DATE'],
  ['boolean', 'BOOLEAN'],
  ['decimal(18,2)', 'DECIMAL(18,2)'],
  ['decimal(5,0)', 'DECIMAL(5,0)'],
])('a column of type %s is kept as %s', (type, sql) => {
  const dataset = datasetSchema.parse(
    withParts({ columns: [column('a', type)], entities: [], grain: ['a'] }),
  )
  expect(dataset.columns.map((column) => typeSql(dataTypeOf(column)))).toEqual([sql])
})

test.each(['float', 'decimal', 'decimal(19,2)', 'decimal(0,0)', 'timestamp', 'DECIMAL(5,2)'])(
  '%s is no type of a source column',
  (type) => {
    expect(problemsOf({ columns: [column('a', type)], entities: [], grain: ['a'] })).toHaveLength(1)
  },
)
