import { expect, test } from 'vitest'
import { agreementSchema, type Agreement } from '../../policies/agreement.ts'
import { checkAgreement } from '../../policies/check-agreement.ts'
import { checkPolicy } from '../../policies/check-policy.ts'
import { datasetSchema, type Dataset } from '../../policies/dataset.ts'
import { policySchema, type Policy } from '../../policies/policy.ts'
import {
  publishedColumns,
  rankColumn,
  uniqueKey,
  visibleColumns,
} from '../../policies/published.ts'
import { refusalSchema, wordsOf, type Refusal } from '../../policies/refusal.ts'

const title = { zh: '题', en: 'title' }
const registry: Dataset = datasetSchema.parse({
  dataset: 'registry',
  title,
  department: title,
  entities: [
    { kind: 'enterprise', column: 'uscc' },
    { kind: 'person', column: 'rep_id' },
  ],
  grain: ['uscc'],
  columns: [
    { name: 'uscc', type: 'text', class: 'identifier', level: 2, standard: 'uscc' },
    { name: 'rep_id', type: 'text', class: 'identifier', level: 4, nullable: true },
    { name: 'address', type: 'text', class: 'text', level: 2 },
    { name: 'district', type: 'text', class: 'code', level: 1 },
    { name: 'founded', type: 'date', class: 'amount', level: 1 },
    { name: 'listed', type: 'boolean', class: 'code', level: 1 },
    { name: 'staff', type: 'integer', class: 'amount', level: 2 },
    { name: 'capital', type: 'decimal(10,2)', class: 'amount', level: 2 },
  ],
})
const districts: Dataset = datasetSchema.parse({
  dataset: 'districts',
  title,
  department: title,
  entities: [],
  grain: ['district'],
  columns: [{ name: 'district', type: 'text', class: 'code', level: 1 }],
})

type Columns = Record<string, unknown>
const policyOf = (columns: Columns, rest: Record<string, unknown> = {}): Policy =>
  policySchema.parse({
    policy: 'credit',
    title,
    doors: ['noise'],
    kinds: {
      enterprise: { ledger: { rho: 0.5, delta: 1e-6 } },
      person: { unitsMax: 3, ledger: { rho: 0.5, delta: 1e-6 } },
    },
    question: { rho: 0.005, rhoMax: 0.05, delta: 1e-9 },
    datasets: { registry: { contribution: { rowsMax: 12, groupsMax: 3 }, columns } },
    ...rest,
  })

const codesOf = (refusals: readonly Refusal[]): string[] => {
  for (const refusal of refusals) {
    refusalSchema.parse(refusal)
    for (const language of ['en', 'zh'] as const) {
      const words = wordsOf(refusal, language)
      expect(`${words.message} ${words.fix}`).not.toMatch(/\{\w+\}|undefined/)
    }
  }
  return refusals.map(({ code, params }) => `${params['where']} ${code.replace('source/', '')}`)
}

const check = (columns: Columns, rest?: Record<string, unknown>): string[] =>
  codesOf(checkPolicy(policyOf(columns, rest), [registry, districts]))

const dimension = (rest: object = {}): object => ({ use: 'dimension', ...rest })
const measure = (low: number, high: number): object => ({ use: 'measure', clamp: [low, high] })
const on = (column: string, policy: object): string[] => check({ [column]: policy })
const place = 'datasets.registry.columns'

test('a policy in which all is sound is not refused', () => {
  const sound = {
    district: dimension({
      desensitize: [{ method: 'prefix', length: 4 }],
      domain: { codes: ['1101', '1102'] },
    }),
    founded: dimension({
      desensitize: [{ method: 'date-truncate', to: 'year' }],
      domain: { dates: ['2000-01-01', '2025-12-31'] },
    }),
    listed: dimension({ domain: { codes: [true, false] } }),
    staff: dimension({
      domain: { range: [0, 200_000] },
      desensitize: [{ method: 'clip', low: 0, high: 1e6 }],
    }),
    capital: measure(0, 99_999_999.99),
  }
  expect(check(sound)).toEqual([])
  expect(check({}, { datasets: {}, kinds: {} })).toEqual([])
})

test.each([
  ['uscc', dimension()],
  ['rep_id', dimension()],
  ['address', dimension()],
])('%s is never published', (column, policy) => {
  expect(on(column, policy)).toEqual([`${place}.${column} column-not-usable`])
})

test('an unknown dataset and an unknown column are told with the names that there are', () => {
  const policy = policyOf({ address2: dimension(), staff: measure(0, 1) }, {})
  const [column] = checkPolicy(policy, [registry])
  expect(column?.params).toMatchObject({
    where: `${place}.address2`,
    allowed: 'district, founded, listed, staff, capital',
  })
  const refusals = checkPolicy(policy, [districts])
  expect(codesOf(refusals)).toEqual([
    'datasets.registry unknown-name',
    'kinds.enterprise unknown-name',
    'kinds.person unknown-name',
  ])
  expect(refusals[0]?.params['allowed']).toBe('districts')
  expect(refusals[1]?.params['allowed']).toBe('(none)')
})

test.each([
  ['district', measure(0, 1), 'not-numeric'],
  ['founded', measure(0, 1), 'not-numeric'],
  ['listed', measure(0, 1), 'not-numeric'],
  ['staff', measure(5, 5), 'clamp range-empty'],
  ['staff', measure(6, 5), 'clamp range-empty'],
  ['staff', measure(0, 0.5), 'clamp value-not-held'],
  ['capital', measure(0, 100_000_000), 'clamp value-not-held'],
  ['capital', measure(-0.001, 1), 'clamp value-not-held'],
  ['district', dimension({ domain: { range: [1, 2] } }), 'domain domain-mismatch'],
  ['district', dimension({ domain: { codes: ['a', 1] } }), 'domain domain-mismatch'],
  ['district', dimension({ domain: { codes: ['a', 'b', 'a'] } }), 'domain repeats'],
  ['staff', dimension({ domain: { codes: ['1'] } }), 'domain domain-mismatch'],
  [
    'staff',
    dimension({ domain: { dates: ['2020-01-01', '2021-01-01'] } }),
    'domain domain-mismatch',
  ],
  ['staff', dimension({ domain: { range: [2, 1] } }), 'domain range-empty'],
  ['listed', dimension({ domain: { codes: ['true'] } }), 'domain domain-mismatch'],
  ['founded', dimension({ domain: { codes: ['2020-01-01'] } }), 'domain domain-mismatch'],
  ['founded', dimension({ domain: { dates: ['2021-01-01', '2020-01-01'] } }), 'domain range-empty'],
  ['capital', dimension({ domain: { range: [0, 1] } }), 'domain domain-mismatch'],
  ['capital', dimension({ domain: { codes: [0, 1e9] } }), 'domain value-not-held'],
  [
    'staff',
    dimension({ desensitize: [{ method: 'prefix', length: 1 }] }),
    'desensitize.0 method-not-for-type',
  ],
  [
    'capital',
    dimension({ desensitize: [{ method: 'round', base: 0.001 }] }),
    'desensitize.0 method-parameter',
  ],
])('%s with %j is refused', (column, policy, problem) => {
  const [inner, code] = problem.includes(' ') ? problem.split(' ') : ['', problem]
  expect(on(column, policy)).toEqual([`${place}.${column}${inner ? `.${inner}` : ''} ${code}`])
})

test.each([
  ['district', [{ method: 'prefix', length: 4 }], { codes: ['1101', '110101'] }, '110101', '1101'],
  ['staff', [{ method: 'bucket', edges: [0, 10, 50] }], { codes: [0, 10, 49] }, '49', '10'],
  ['staff', [{ method: 'bucket', edges: [0, 10] }], { codes: [-1, 0, 10] }, '-1', 'NULL'],
  ['staff', [{ method: 'bucket', edges: [0, 10] }], { range: [0, 10] }, '1', '0'],
  ['staff', [{ method: 'clip', low: 0, high: 100 }], { range: [0, 101] }, '101', '100'],
  ['staff', [{ method: 'clip', low: 1, high: 100 }], { range: [0, 100] }, '0', '1'],
  ['capital', [{ method: 'round', base: 100 }], { codes: [0, 150] }, '150.00', '200.00'],
  [
    'founded',
    [{ method: 'date-truncate', to: 'year' }],
    { dates: ['2020-02-01', '2025-01-01'] },
    '2020-02-01',
    '2020-01-01',
  ],
])(
  'the domain of %s after %j does not hold %j',
  (...[column, desensitize, domain, value, becomes]) => {
    const [refusal, ...others] = checkPolicy(
      policyOf({ [column]: dimension({ desensitize, domain }) }),
      [registry],
    )
    expect(others).toEqual([])
    expect(refusal).toMatchObject({ code: 'source/domain-contradicts', params: { value, becomes } })
  },
)

test('edges of a bucket are a sound domain, negative and with digits after the point too', () => {
  const bucket = { method: 'bucket', edges: [-5, 0, 10] }
  expect(on('staff', dimension({ desensitize: [bucket], domain: { codes: [-5, 0, 10] } }))).toEqual(
    [],
  )
  expect(
    on('capital', dimension({ desensitize: [bucket], domain: { codes: [-5, 0, 10] } })),
  ).toEqual([])
})

test('every kind of entity has a floor and a ledger, and no other has', () => {
  const ledger = { rho: 0.5, delta: 1e-6 }
  expect(check({}, { kinds: { enterprise: { ledger } } })).toEqual(['kinds kind-missing'])
  expect(
    check({}, { kinds: { enterprise: { ledger }, person: { ledger }, household: { ledger } } }),
  ).toEqual(['kinds.household unknown-name'])
  expect(check({}, { kinds: { enterprise: { unitsMax: 2, ledger }, person: { ledger } } })).toEqual(
    ['kinds.enterprise.unitsMax needs-no-bound'],
  )
})

test('a question stays within its limit, and its limit within each ledger', () => {
  const question = (rho: number, rhoMax: number, delta: number): Columns => ({
    question: { rho, rhoMax, delta },
  })
  expect(check({}, question(0.06, 0.05, 1e-9))).toEqual(['question.rho limit-exceeded'])
  expect(check({}, question(0.5, 0.5, 1e-6))).toEqual([])
  expect(check({}, question(1e-5, 0.5, 1e-6))).toEqual(['question.rhoMin limit-exceeded'])
  expect(check({}, question(0.5, 0.6, 1e-5))).toEqual([
    'question.rhoMax limit-exceeded',
    'question.delta limit-exceeded',
    'question.rhoMax limit-exceeded',
    'question.delta limit-exceeded',
  ])
})

test('a unit falls into no more groups than it has rows', () => {
  const datasets = { registry: { contribution: { rowsMax: 1, groupsMax: 2 }, columns: {} } }
  expect(check({}, { datasets })).toEqual([
    'datasets.registry.contribution.groupsMax limit-exceeded',
  ])
})

test('all problems of a policy are told at once', () => {
  const problems = check(
    {
      uscc: dimension(),
      staff: measure(1, 0),
      nowhere: dimension(),
      district: dimension({ domain: { range: [0, 1] } }),
    },
    { kinds: {}, question: { rho: 0.2, rhoMax: 0.1, delta: 1e-9 } },
  )
  expect(problems).toEqual([
    `${place}.uscc column-not-usable`,
    `${place}.staff.clamp range-empty`,
    `${place}.nowhere unknown-name`,
    `${place}.district.domain domain-mismatch`,
    'kinds kind-missing',
    'kinds kind-missing',
    'question.rho limit-exceeded',
  ])
})

test('a column that desensitization can empty is published with NULL, whatever its source says', () => {
  const bucket = { desensitize: [{ method: 'bucket', edges: [0] }] }
  const policy = policyOf({ staff: dimension(bucket), listed: dimension() })
  expect(publishedColumns(registry, policy).map(({ name, nullable }) => [name, nullable])).toEqual([
    ['uscc', false],
    ['rep_id', true],
    ['listed', false],
    ['staff', true],
  ])
})

const agreed = policyOf({ staff: measure(0, 100), district: dimension() })
const agreementOf = (rest: object): Agreement =>
  agreementSchema.parse({
    agreement: 'bank-a',
    organisation: 'bank-a',
    scenario: 'loans',
    purpose: 'study',
    policy: 'credit',
    doors: ['noise'],
    datasets: { registry: ['staff'] },
    rho: 0.25,
    delta: 1e-7,
    runsMax: 100,
    from: '2026-01-01',
    until: '2026-12-31',
    ...rest,
  })

test.each([
  [{}, []],
  [{ doors: [], datasets: {} }, []],
  [{ policy: 'other' }, ['policy unknown-name']],
  [{ doors: ['noise', 'people'] }, ['doors not-opened']],
  [{ doors: ['noise', 'noise'] }, ['doors repeats']],
  [{ datasets: { districts: [] } }, ['datasets.districts unknown-name']],
  [
    { datasets: { registry: ['founded', 'uscc'] } },
    ['datasets.registry unknown-name', 'datasets.registry unknown-name'],
  ],
  [{ datasets: { registry: ['staff', 'staff', 'staff'] } }, ['datasets.registry repeats']],
  [{ rho: 0.6 }, ['rho limit-exceeded', 'rho limit-exceeded']],
  [{ delta: 1e-5 }, ['delta limit-exceeded', 'delta limit-exceeded']],
  [{ tokens: ['enterprise'] }, []],
  [{ tokens: ['enterprise', 'enterprise', 'ship'] }, ['tokens unknown-name', 'tokens repeats']],
  [{ from: '2026-12-31' }, []],
  [{ from: '2027-01-01' }, ['until range-empty']],
  [{ until: '2031-01-01' }, []],
  [{ until: '2031-01-02' }, ['until term-too-long']],
])('an agreement with %j is refused for %j', (rest, problems) => {
  expect(codesOf(checkAgreement(agreementOf(rest), agreed))).toEqual(problems)
})

test('an agreement sees the surrogates and the columns that it names, of the datasets that it names', () => {
  const names = (datasets: object): string[] =>
    visibleColumns(registry, agreed, agreementOf({ datasets })).map(({ name }) => name)
  expect(names({ registry: ['staff'] })).toEqual(['uscc', 'rep_id', 'staff'])
  expect(names({})).toEqual(['uscc', 'rep_id'])
  expect(publishedColumns(districts, agreed)).toEqual([])
  expect(rankColumn('person')).toBe('__rank_person')
})

test('an entity column is published once, as surrogates, even under a policy that nobody checked', () => {
  expect(publishedColumns(registry, policyOf({ uscc: dimension() }))).toEqual([
    { name: 'uscc', type: { id: 'BIGINT' }, nullable: false, kind: 'enterprise' },
    { name: 'rep_id', type: { id: 'BIGINT' }, nullable: true, kind: 'person' },
  ])
})

test('a grain tells rows apart while each of its columns is seen, never missing and unchanged', () => {
  const seen = publishedColumns(registry, agreed)
  const keyOf = (grain: string[], policy = agreed, columns = seen): readonly string[] | undefined =>
    uniqueKey({ ...registry, grain }, policy, columns)
  expect(keyOf(['uscc'])).toEqual(['uscc'])
  expect(keyOf(['uscc', 'staff'])).toEqual(
    seen.some(({ name, nullable }) => name === 'staff' && nullable) ? undefined : ['uscc', 'staff'],
  )
  expect(keyOf(['rep_id'])).toBeUndefined()
  expect(keyOf(['uscc'], agreed, [])).toBeUndefined()
  expect(
    uniqueKey({ ...registry, dataset: 'other', grain: ['staff'] }, agreed, seen),
  ).toBeUndefined()
})
