import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { datasetNamed } from '../../sandbox/catalogue.ts'
import { systemActor } from '../../sandbox/domain.ts'
import { putDocument } from '../../sandbox/state/documents.ts'
import { agreementName, need, policyName } from '../support/domain.ts'
import { openInside, type Inside } from '../support/inside.ts'

/** What a column touches that the law protects: told to those who use it, and a state secret never comes in. */
let inside: Inside
beforeAll(async () => {
  inside = await openInside()
})
afterAll(() => inside.close())

const text = `dataset: posts
title: { zh: 哨所, en: posts }
department: { zh: 某部, en: a department }
entities: []
grain: [place]
columns:
  - { name: place, type: text, class: code, level: 5, tags: [state-secret] }
`

test('a dataset with a column that is a state secret is not registered, and not known afterwards (S2-02)', async () => {
  expect(await inside.call(inside.keys.operator, 'dataset/register', { text })).toMatchObject({
    ok: false,
    refusals: [{ code: 'source/state-secret', at: { line: 7 } }],
  })
  const shown = await inside.call(inside.keys.operator, 'dataset/show', { dataset: 'posts' })
  expect(shown).toMatchObject({ refusals: [{ code: 'access/not-found' }] })
})

test('a file with such a column is not taken in, however the column came into the catalogue (S2-02)', async () => {
  const { state, home } = inside.domain
  const known = datasetNamed(state.reader, 'districts')!.value
  const [first, ...rest] = known.columns
  const value = { ...known, columns: [{ ...first, tags: ['state-secret'] }, ...rest] }
  need(
    state.commit((tx) =>
      putDocument(tx, { kind: 'dataset', name: 'districts', value }, systemActor),
    ),
  )
  writeFileSync(join(home.folder, 'inbox', 'posts.csv'), 'district,name\n890101,云东区\n')
  const input = { dataset: 'districts', policy: policyName }
  for (const file of [undefined, 'posts.csv'])
    expect(
      await inside.call(inside.keys.operator, 'dataset/ingest', {
        ...input,
        ...(file && { file }),
      }),
    ).toMatchObject({ ok: false, refusals: [{ code: 'source/state-secret' }] })
})

test('who may use a column is told what it touches, and the operator of every column (S2-02)', async () => {
  const { keys } = inside
  const { datasets } = need(
    await inside.call(keys.bank, 'catalogue/list', { agreement: agreementName }),
  )
  const tax = datasets.find(({ dataset }) => dataset === 'tax_declaration')!
  const tagsOf = (name: string) => tax.columns.find((column) => column.name === name)?.tags
  expect(tagsOf('tax_paid')).toEqual(['trade-secret'])
  expect(tagsOf('period')).toBeUndefined()
  const shown = need(await inside.call(keys.operator, 'dataset/show', { dataset: 'ent_registry' }))
  const tagged = shown.dataset.columns.filter(({ tags }) => tags?.includes('personal-privacy'))
  expect(tagged.map(({ name }) => name)).toEqual([
    'legal_rep_name',
    'legal_rep_id',
    'legal_rep_mobile',
  ])
})
