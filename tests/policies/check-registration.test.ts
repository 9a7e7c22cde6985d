import { expect, test } from 'vitest'
import { agreementSchema } from '../../policies/agreement.ts'
import { checkRegistration, standardsOf } from '../../policies/check-registration.ts'
import { datasetSchema, type Dataset } from '../../policies/dataset.ts'

const title = { zh: '题', en: 'title' }
const tableOf = (
  dataset: string,
  entities: readonly { kind: string; column: string }[],
  standard: string | undefined = 'uscc',
): Dataset =>
  datasetSchema.parse({
    dataset,
    title,
    department: title,
    entities,
    grain: ['id'],
    columns: [
      { name: 'id', type: 'text', class: 'identifier', level: 2, ...(standard && { standard }) },
      { name: 'head', type: 'text', class: 'identifier', level: 3 },
    ],
  })
const enterprise = { kind: 'enterprise', column: 'id' }
const registered = [tableOf('firms', [enterprise])]
const codesOf = (dataset: Dataset): readonly string[] =>
  checkRegistration(dataset, registered).map(({ code }) => code)

test('a table is registered again as long as its rows are about the same entities', () => {
  expect(codesOf(tableOf('firms', [enterprise]))).toEqual([])
  expect(codesOf(tableOf('taxes', [enterprise]))).toEqual([])
})

test.each<[string, Dataset]>([
  ['nobody', tableOf('firms', [])],
  ['somebody else', tableOf('firms', [{ kind: 'enterprise', column: 'head' }])],
  ['somebody more', tableOf('firms', [enterprise, { kind: 'person', column: 'head' }])],
])('its rows cannot come to be about %s', (_, dataset) => {
  expect(codesOf(dataset)).toEqual(['source/entities-changed'])
})

test('what a table without entities was registered as is said, too', () => {
  const [refusal] = checkRegistration(registered[0]!, [tableOf('firms', [])])
  expect(refusal).toMatchObject({ code: 'source/entities-changed', params: { was: '[]' } })
})

test('enterprises get no second ledger under another name of their kind', () => {
  const renamed = [{ kind: 'firm', column: 'id' }]
  expect(codesOf(tableOf('copy', renamed))).toEqual(['source/kind-renamed'])
  expect(codesOf(tableOf('firms', renamed))).toEqual([
    'source/entities-changed',
    'source/kind-renamed',
  ])
})

test('an identifier of no standard, or of another one, says nothing about a kind', () => {
  expect(codesOf(tableOf('shops', [{ kind: 'shop', column: 'id' }], ''))).toEqual([])
  expect(codesOf(tableOf('people', [{ kind: 'person', column: 'id' }], 'resident-id'))).toEqual([])
})

const answering = (change: Partial<Dataset['columns'][number]>, grain = ['id']): Dataset => ({
  ...datasetSchema.parse({
    dataset: 'registry',
    title,
    department: title,
    entities: [enterprise],
    grain: ['id'],
    columns: [
      { name: 'id', type: 'text', class: 'identifier', level: 2, standard: 'uscc' },
      { name: 'region', type: 'text', class: 'code', level: 2, standard: 'region', ...change },
      { name: 'year', type: 'integer', class: 'code', level: 1 },
    ],
  }),
  grain,
})
const asking = datasetSchema.parse({
  dataset: 'taxes',
  title,
  department: title,
  entities: [enterprise],
  grain: ['id'],
  columns: [
    { name: 'id', type: 'text', class: 'identifier', level: 2, standard: 'uscc' },
    {
      name: 'place',
      type: 'text',
      class: 'code',
      level: 2,
      standard: 'region',
      authority: { dataset: 'registry', column: 'region' },
    },
  ],
})

/** The same table, its enterprises named by tokens. */
const withTokens = (dataset: Dataset, agreement = 'bank-a'): Dataset => ({
  ...dataset,
  columns: dataset.columns.map((column) =>
    column.name === 'id' ? { ...column, standard: 'token', agreement } : column,
  ),
})

test.each<[string, readonly Dataset[], string | undefined]>([
  ['a column of the same kind', [answering({})], undefined],
  ['a column of lower level', [answering({ level: 1 })], undefined],
  ['a dataset that is not registered', [], 'dataset'],
  ['a dataset about nobody', [{ ...answering({}), entities: [] }], 'entities'],
  ['several rows an entity', [answering({}, ['id', 'year'])], 'grain'],
  ['a column that is not there', [answering({ name: 'area' })], 'column'],
  ['rows that came with tokens', [withTokens(answering({}))], 'entities'],
  ['another type', [answering({ type: 'integer', standard: undefined })], 'type'],
  ['another standard', [answering({ standard: 'industry' })], 'standard'],
  ['an identifier, which is never published', [answering({ class: 'identifier' })], 'class'],
  ['a higher level, which would be lowered', [answering({ level: 3 })], 'level'],
  ['tags, which would be lost', [answering({ tags: ['security'] })], 'tags'],
])('for a column can answer: %s', (_, beside, problem) => {
  const refusals = checkRegistration(asking, beside)
  expect(refusals.map(({ params }) => params['problem'])).toEqual(problem ? [problem] : [])
})

test('a column can be answered for by one whose tags it has, too', () => {
  const tagged = { ...asking.columns[1]!, tags: ['security', 'public-interest'] as const }
  const columns = [asking.columns[0]!, { ...tagged, tags: [...tagged.tags] }]
  const other = answering({ tags: ['security'] })
  expect(checkRegistration({ ...asking, columns }, [other])).toEqual([])
})

test('rows that came with tokens can answer for each other under one agreement', () => {
  const problems = (agreement: string): readonly unknown[] =>
    checkRegistration(withTokens(asking, agreement), [withTokens(answering({}))]).map(
      ({ params }) => params['problem'],
    )
  expect(problems('bank-a')).toEqual([])
  expect(problems('bank-b')).toEqual(['entities'])
})

const agreed = (tokens?: readonly string[]) =>
  agreementSchema.parse({
    agreement: 'bank-a',
    organisation: 'bank-a',
    scenario: 'loans',
    purpose: 'loans',
    policy: 'loans',
    doors: [],
    datasets: {},
    rho: 0.1,
    delta: 1e-9,
    runsMax: 1,
    ...(tokens && { tokens }),
    from: '2026-01-01',
    until: '2026-12-31',
  })

test.each([
  ['there is no agreement yet', [], []],
  ['its agreement makes tokens of that kind', [agreed(['person', 'enterprise'])], []],
  ['its agreement makes others', [agreed(['person'])], ['source/token-not-agreed']],
  ['its agreement makes none', [agreed()], ['source/token-not-agreed']],
])('a table for tokens is registered where %s, or refused: %j', (_, agreements, codes) => {
  const found = checkRegistration(withTokens(asking), [answering({})], agreements)
  expect(
    found.filter(({ params }) => params['problem'] === undefined).map(({ code }) => code),
  ).toEqual(codes)
})

test('tokens are no standard of a kind; what its identifiers are is known from the other tables', () => {
  const firms = withTokens(tableOf('loans', [enterprise]))
  expect(
    checkRegistration(firms, [tableOf('shops', [{ kind: 'shop', column: 'id' }], '')]),
  ).toEqual([])
  expect(standardsOf('enterprise', [firms])).toEqual([])
  expect(standardsOf('enterprise', [firms, ...registered, tableOf('taxes', [enterprise])])).toEqual(
    ['uscc'],
  )
  expect(standardsOf('person', registered)).toEqual([])
})
