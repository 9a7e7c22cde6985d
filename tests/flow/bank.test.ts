import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Door } from '../../api/keeper-client.ts'
import { bankSetupSql, bankSql } from '../../connectors/city/bank.ts'
import { cityOf, copySql } from '../../connectors/city/city.ts'
import { bankDocuments, cityDocument, cityDocuments } from '../../connectors/city/documents.ts'
import { profiles } from '../../connectors/city/profile.ts'
import { readDocuments } from '../../policies/documents.ts'
import { answer } from '../../sandbox/answer.ts'
import { cliAs } from '../support/cli.ts'
import { fakeDoor } from '../support/door.ts'
import { need, publishPolicy, seed } from '../support/domain.ts'
import { openDuck } from '../support/duck.ts'
import { testFolder } from '../support/folder.ts'
import { openInside, type Inside } from '../support/inside.ts'

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })

/** The bank of the generated city brings its loans: from its own file, by the command line, to an answer about both. */
const [datasetText, policyText, agreementText] = bankDocuments.map(cityDocument)
const folder = testFolder()
const [plain, tokens] = [join(folder, 'loans.csv'), join(folder, 'loans-with-tokens.csv')]
let inside: Inside
let duck: Awaited<ReturnType<typeof openDuck>>
beforeAll(async () => {
  inside = await openInside()
  duck = await openDuck()
  const profile = { ...profiles.ci, enterprises: 2000, months: 12 }
  for (const sql of [...cityOf(profile, seed).setup, ...bankSetupSql(profile, seed)])
    await duck.run(sql)
  await duck.run(`CREATE TABLE loans AS ${bankSql(profile).bank_loan_sample}`)
  await duck.run(copySql('FROM loans', plain))
})
afterAll(() => {
  duck.close()
  inside.close()
})

/** `sluice` at the bank, against this keeper through the whole HTTP application. */
const sluice = async (...args: readonly string[]) => {
  const { domain, keys } = inside
  const call: Door['call'] = async (keyDigest, action, input) =>
    (await answer(domain, { id: 1, keyDigest, action, input })) as never
  const door = { ...fakeDoor(), call }
  return cliAs('analyst', door, { SLUICE_KEY: keys.bank })(...args)
}

test('the documents of the bank fit those of the city', () => {
  const texts = [
    ...bankDocuments.map(cityDocument),
    ...cityDocuments().datasets.map(({ text }) => text),
  ]
  expect(readDocuments(texts).read.map((one) => one.ok && one.value.whole)).toEqual(
    texts.map(() => true),
  )
})

test('a bank’s sample meets the city without an identifier leaving the bank', async () => {
  const { operator, bank } = inside.keys
  need(await inside.call(operator, 'dataset/register', { text: datasetText! }))
  need(await publishPolicy({ call: inside.call, keys: inside.keys }, policyText!))
  need(await inside.call(operator, 'agreement/sign', { text: agreementText! }))
  need(
    await inside.call(operator, 'dataset/ingest', {
      dataset: 'ent_registry',
      policy: 'bank-loans',
    }),
  )

  // One code in two hundred is mistyped: the bank takes those loans out, by their lines.
  const make = () =>
    sluice('tokens', 'bank-a-loans', 'enterprise', plain, '--column', 'uscc', '-o', tokens)
  const first = await make()
  expect(first).toMatchObject({ exit: 3 })
  const wrong = new Set(/lines ([\d, ]+)/.exec(first.err)?.[1]?.split(', ').map(Number))
  const lines = readFileSync(plain, 'utf8').split('\n')
  writeFileSync(plain, lines.filter((_, at) => !wrong.has(at + 1)).join('\n'))
  expect(existsSync(tokens)).toBe(false)
  expect(await make()).toMatchObject({ exit: 0 })
  const sent = readFileSync(tokens, 'utf8')
  const codes = (await duck.rows('SELECT uscc FROM loans')).map(([code]) => String(code))
  expect(codes.filter((code) => sent.includes(code))).toEqual([])

  copyFileSync(tokens, join(inside.domain.home.folder, 'inbox', 'loans.csv'))
  const input = { dataset: 'bank_loan_sample', policy: 'bank-loans', file: 'loans.csv' }
  const made = need(await inside.call(operator, 'dataset/ingest', input))
  expect(made.rows).toBe(sent.trim().split('\n').length - 1)

  const sql =
    'select l.product, count(*) as loans from bank_loan_sample l join ent_registry r on l.uscc = r.uscc group by l.product'
  const submission = { kind: 'query' as const, agreement: 'bank-a-loans', sql, rho: 0.05 }
  const view = need(await inside.call(bank, 'submission/create', { submission, waitMs: 30_000 }))
  expect(view).toMatchObject({ state: 'released' })
  const { result } = need(await inside.call(bank, 'result/fetch', { id: view.id }))
  const truth = new Map(
    (
      await duck.rows(
        'SELECT product, count(*) FROM loans SEMI JOIN city_enterprise USING (uscc) GROUP BY 1',
      )
    ).map(([product, count]) => [product, Number(count)]),
  )
  expect([...truth.values()].reduce((sum, count) => sum + count, 0)).toBeLessThan(made.rows)
  expect(result.rows).toHaveLength(truth.size)
  for (const [product, loans] of result.rows) {
    const { value, sd } = loans as { value: number; sd: number }
    expect(Math.abs(value - truth.get(product as string)!)).toBeLessThan(12 * sd)
  }
})
