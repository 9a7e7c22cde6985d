import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { checkPolicy } from '../../../policies/check-policy.ts'
import { datasetSchema, type Dataset } from '../../../policies/dataset.ts'
import { policySchema, type Policy } from '../../../policies/policy.ts'
import { filePath, prepareHome } from '../../../sandbox/domain/home.ts'
import { publish } from '../../../sandbox/domain/publish.ts'
import { openEngine, type Row } from '../../../sandbox/run/engine.ts'
import type { Published } from '../../../sandbox/run/publisher-protocol.ts'
import { testFolder } from '../../support/folder.ts'
import { sharedFolder } from '../../support/shared.ts'
import { testWorld } from '../../support/world.ts'

/** Expected figures: Python's `decimal` over the same files. */
const shared = sharedFolder()
const folder = testFolder()
const title = { zh: '公开数据', en: 'public data' }
const world = testWorld('public data')
const key = world.randomBytes(32)

type Column = { name: string; type: string; nullable?: boolean }

/** A dataset whose `id` is its entity and its grain; every other column is an amount. */
const documentsOf = (
  dataset: string,
  columns: readonly Column[],
  dimensions: Record<string, object>,
): { readonly dataset: Dataset; readonly policy: Policy } => {
  const rest = columns.map((column) => ({ ...column, class: 'amount', level: 2 }))
  const measures = columns.filter(({ name }) => !(name in dimensions))
  return {
    dataset: datasetSchema.parse({
      dataset,
      title,
      department: title,
      entities: [{ kind: 'client', column: 'id' }],
      grain: ['id'],
      columns: [{ name: 'id', type: 'integer', class: 'identifier', level: 3 }, ...rest],
    }),
    policy: policySchema.parse({
      policy: 'research',
      title,
      doors: ['noise'],
      kinds: { client: { ledger: { rho: 1, delta: 1e-6 } } },
      question: { rho: 0.01, rhoMax: 0.1, delta: 1e-9 },
      datasets: {
        [dataset]: {
          contribution: { rowsMax: 1, groupsMax: 1 },
          columns: {
            ...Object.fromEntries(
              measures.map(({ name }) => [
                name,
                { use: 'measure', clamp: [0, 100], ofEntity: true },
              ]),
            ),
            ...dimensions,
          },
        },
      },
    }),
  }
}

const publishAs = async (
  file: string,
  documents: ReturnType<typeof documentsOf>,
): Promise<Published> => {
  const home = join(folder, documents.dataset.dataset)
  mkdirSync(home)
  prepareHome(home)
  const outcome = await publish(
    {
      home,
      job: 'job',
      ...documents,
      source: {
        from: 'file',
        format: 'csv',
        encoding: 'utf-8',
        inbox: resolve(shared ?? '', 'data'),
        file,
        bytesMax: 64 << 20,
        raw: { id: 'raw', key },
      },
      published: { id: 'published', key },
      registers: [{ kind: 'client', key, hmacKey: key, next: 'client' }],
      threads: 2,
      memoryMb: 256,
    },
    world,
  )
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusals))
  return outcome.value
}

const read = async (
  dataset: string,
  { published }: Published,
  sql: string,
): Promise<readonly Row[]> => {
  const path = filePath(join(folder, dataset), 'published', published.id)
  const engine = await openEngine({
    threads: 1,
    memoryMb: 256,
    attach: [{ path, alias: 'published', key, sha256: published.sha256 }],
  })
  return (await engine.query(sql).finally(() => engine.close())).rows
}

test.skipIf(shared === undefined)(
  'credit card clients of Taiwan are published as they are',
  async () => {
    const documents = documentsOf(
      'taiwan',
      [
        ...[
          'limit_bal',
          'bill_amt1',
          'bill_amt2',
          'bill_amt3',
          'bill_amt4',
          'bill_amt5',
          'bill_amt6',
        ]
          .concat(['pay_amt1', 'pay_amt2', 'pay_amt3', 'pay_amt4', 'pay_amt5', 'pay_amt6'])
          .map((name) => ({ name, type: 'decimal(12,2)' })),
        ...[
          'sex',
          'education',
          'marriage',
          'age',
          'y',
          'pay_0',
          'pay_2',
          'pay_3',
          'pay_4',
          'pay_5',
          'pay_6',
        ].map((name) => ({ name, type: 'integer' })),
      ],
      {
        sex: { use: 'dimension', domain: { codes: [1, 2] }, ofEntity: true },
        education: { use: 'dimension', domain: { range: [0, 6] }, ofEntity: true },
        age: { use: 'dimension', desensitize: [{ method: 'bucket', edges: [0, 30, 40, 50, 60] }] },
        y: { use: 'dimension', domain: { codes: [0, 1] } },
      },
    )
    expect(checkPolicy(documents.policy, [documents.dataset])).toEqual([])
    const value = await publishAs('taiwan_credit.csv', documents)
    expect(value).toMatchObject({ rows: 30_000, registers: [{ entities: 30_000 }] })
    expect(
      value.delivery!.columns.every(({ empty, rounded }) => empty === 0 && rounded === 0),
    ).toBe(true)
    expect(
      await read(
        'taiwan',
        value,
        'SELECT y, count(*), sum(limit_bal)::VARCHAR FROM published.main.taiwan GROUP BY y ORDER BY y',
      ),
    ).toEqual([
      [0n, 23_364n, '4161122000.00'],
      [1n, 6636n, '863407680.00'],
    ])
  },
)

test.skipIf(shared === undefined)(
  'ratios of Polish companies are published, empty and rounded cells told',
  async () => {
    const ratios = Array.from({ length: 64 }, (_, i) => ({
      name: `attr${i + 1}`,
      type: 'decimal(18,6)',
      nullable: true,
    }))
    const documents = documentsOf('polish', [...ratios, { name: 'y', type: 'boolean' }], {
      y: { use: 'dimension' },
    })
    const value = await publishAs('polish_5year.csv', documents)
    expect(value).toMatchObject({ rows: 5910, registers: [{ entities: 5910 }] })
    const total = (of: 'empty' | 'rounded'): number =>
      value.delivery!.columns.reduce((sum, column) => sum + column[of], 0)
    expect([total('empty'), total('rounded')]).toEqual([4666, 0])
    expect(
      await read(
        'polish',
        value,
        'SELECT y, count(*), count(attr1) FROM published.main.polish GROUP BY y ORDER BY y',
      ),
    ).toEqual([
      [false, 5500n, 5498n],
      [true, 410n, 409n],
    ])
  },
)
