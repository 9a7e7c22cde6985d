import { describe, expect, test } from 'vitest'
import { publishedColumns } from '../../../policies/published.ts'
import { usccOf } from '../../support/identifiers.ts'
import {
  csvOf,
  homeOfEachTest,
  tableOf,
  taxDataset,
  taxHeader,
  taxPolicy,
  three,
  valueOf,
} from '../../support/publishing.ts'

const home = homeOfEachTest()

describe('publishing a file', () => {
  test('writes surrogates, desensitized columns and places within the other kind, and nothing else (S1-12a)', async () => {
    const value = valueOf(await home().fromCsv(three))
    expect(value).toMatchObject({
      rows: 3,
      source: { bytes: Buffer.byteLength(three) },
      registers: [
        { kind: 'enterprise', entities: 2 },
        { kind: 'person', entities: 1 },
      ],
    })
    expect(
      await home().read(
        value,
        "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'tax' ORDER BY column_index",
      ),
    ).toEqual([
      ['uscc', 'BIGINT'],
      ['legal_id', 'BIGINT'],
      ['month', 'DATE'],
      ['region', 'VARCHAR'],
      ['paid', 'DECIMAL(18,2)'],
      ['late', 'BOOLEAN'],
      ['__rank_person', 'BIGINT'],
    ])
    const names = publishedColumns(taxDataset(), taxPolicy()).map(({ name }) => name)
    expect(names).toEqual(['uscc', 'legal_id', 'month', 'region', 'paid', 'late'])
    const rows = await home().read(
      value,
      'SELECT legal_id, month, region, paid, late FROM published.main.tax ORDER BY month, region',
    )
    expect(rows).toEqual([
      [1n, '2026-01-01', '11', '1000.00', false],
      [1n, '2026-01-01', '35', '10.00', true],
      [null, '2026-02-01', '35', null, null],
    ])
    expect(
      await home().read(
        value,
        'SELECT legal_id IS NULL, list_sort(list(__rank_person))::VARCHAR FROM published.main.tax GROUP BY 1 ORDER BY 1',
      ),
    ).toEqual([
      [false, '[1, 2]'],
      [true, '[NULL]'],
    ])
    expect(
      await home().read(
        value,
        "SELECT count(*) FROM duckdb_views() WHERE database_name = 'published' AND NOT internal",
      ),
    ).toEqual([[0n]])
  })

  test('gives dense surrogates that do not follow the file, the same for the same data ever after', async () => {
    const rows = Array.from(
      { length: 200 },
      (_, i) => [i, i, '2026-01-01', '350100,1,1,true,'] as const,
    )
    const select = 'SELECT uscc, legal_id, month FROM published.main.tax'
    const first = valueOf(await home().fromCsv(csvOf(...rows)))
    const units = (
      await home().read(first, 'SELECT uscc FROM published.main.tax ORDER BY uscc')
    ).flat()
    expect(units).toEqual(Array.from({ length: 200 }, (_, i) => BigInt(i + 1)))

    const again = valueOf(await home().fromCsv(csvOf(...rows), { seed: 'another' }))
    expect(await home().read(again, `${select} ORDER BY 1`)).toEqual(
      await home().read(first, `${select} ORDER BY 1`),
    )
    expect(again.registers).toEqual(first.registers)

    const more = valueOf(
      await home().fromCsv(csvOf(...rows, [900, 900, '2026-01-01', '350100,1,1,true,'])),
    )
    expect(await home().read(more, `${select} ORDER BY 1 LIMIT 200`)).toEqual(
      await home().read(first, `${select} ORDER BY 1`),
    )
    expect(more.registers.map(({ entities }) => entities)).toEqual([201, 201])

    const paid = csvOf(
      ...rows.map(([i, p, m]) => [i, p, m, `350100,${i * 10}.00,1,true,`] as const),
    )
    const amounts = await home().read(
      valueOf(
        await home().fromCsv(paid, {
          policy: taxPolicy({ paid: { use: 'measure', clamp: [0, 9999] } }),
        }),
      ),
      'SELECT paid FROM published.main.tax',
    )
    const inFile = amounts.map(([amount]) => Number(amount))
    expect(inFile).not.toEqual(inFile.toSorted((left, right) => left - right))
    expect(inFile).not.toEqual(inFile.toSorted((left, right) => right - left))
  })

  test('gives one entity one surrogate over spellings, datasets and policies (S2-15)', async () => {
    const wide = Array.from(usccOf(1), (sign) =>
      String.fromCodePoint(sign.codePointAt(0)! + 0xfee0),
    ).join('')
    const spellings = [usccOf(1), usccOf(1).toLowerCase(), ` ${usccOf(1)}\u3000`, wide]
    const rows = spellings.map((spelling, i) => `${spelling},,2026-0${i + 1}-01,350100,1,1,true,`)
    const value = valueOf(await home().fromCsv(`${taxHeader}\n${rows.join('\n')}\n`))
    expect(value.registers).toMatchObject([{ kind: 'enterprise', entities: 1 }])

    const court = taxDataset({
      dataset: 'court',
      entities: [{ kind: 'enterprise', column: 'uscc' }],
      grain: ['uscc'],
      columns: taxDataset().columns.filter(({ name }) => name === 'uscc'),
    })
    const policy = taxPolicy(
      {},
      { datasets: { court: { contribution: { rowsMax: 1, groupsMax: 1 }, columns: {} } } },
    )
    const other = valueOf(
      await home().fromCsv(`uscc\n${usccOf(7)}\n${usccOf(1)}\n`, { dataset: court, policy }),
    )
    expect(await home().read(other, `SELECT uscc FROM ${tableOf('court')} ORDER BY 1`)).toEqual([
      [1n],
      [2n],
    ])

    const again = valueOf(
      await home().fromRaw(value.raw, {
        policy: taxPolicy({ staff: { use: 'measure', clamp: [0, 9] } }),
      }),
    )
    expect(await home().read(again, 'SELECT DISTINCT uscc, staff FROM published.main.tax')).toEqual(
      [[1n, 1n]],
    )
  })

  test('joins the codes of departments that write them in different ways, all of a thousand (S2-15)', async () => {
    const wide = (code: string): string =>
      Array.from(code, (sign) => String.fromCodePoint(sign.codePointAt(0)! + 0xfee0)).join('')
    const spellings = [
      (code: string) => code,
      (code: string) => code.toLowerCase(),
      wide,
      (code: string) => wide(code.toLowerCase()),
      (code: string) => ` ${code}`,
      (code: string) => `${code}\u00a0`,
      (code: string) => `\u3000${code}\t`,
      (code: string) => `\ufeff${code}`,
    ]
    const numbers = Array.from({ length: 1000 }, (_, i) => i)
    const spelt = (shift: number): string =>
      numbers.map((i) => spellings[(i * 7 + shift) % spellings.length]!(usccOf(i))).join('\n')
    const listOf = (dataset: string) => ({
      dataset: taxDataset({
        dataset,
        entities: [{ kind: 'enterprise', column: 'uscc' }],
        grain: ['uscc'],
        columns: taxDataset().columns.filter(({ name }) => name === 'uscc'),
      }),
      policy: taxPolicy(
        {},
        { datasets: { [dataset]: { contribution: { rowsMax: 1, groupsMax: 1 }, columns: {} } } },
      ),
    })
    const surrogates = async (dataset: string, shift: number): Promise<readonly unknown[]> => {
      const value = valueOf(await home().fromCsv(`uscc\n${spelt(shift)}\n`, listOf(dataset)))
      return (await home().read(value, `SELECT uscc FROM ${tableOf(dataset)}`)).flat()
    }
    const left = new Set(await surrogates('court', 0))
    const right = await surrogates('arrears', 3)
    const share = right.filter((surrogate) => left.has(surrogate)).length / numbers.length
    expect(share).toBeGreaterThanOrEqual(0.999)
    expect(left.size).toBe(numbers.length)
  })

  test('ranks the rows of an entity by the data and not by their order in the file', async () => {
    const rows = Array.from(
      { length: 30 },
      (_, i) => [i, 1, '2026-01-01', '350100,1,1,true,'] as const,
    )
    const ranks = async (order: typeof rows): Promise<unknown> =>
      home().read(
        valueOf(await home().fromCsv(csvOf(...order))),
        'SELECT uscc, __rank_person FROM published.main.tax ORDER BY uscc',
      )
    const first = await ranks(rows)
    expect(await ranks(rows.toReversed())).toEqual(first)
    expect((first as bigint[][]).map(([, rank]) => rank)).not.toEqual(
      Array.from({ length: 30 }, (_, i) => BigInt(i + 1)),
    )
  })

  test('keeps the rows of one unit together and not in the order of the file', async () => {
    const months = Array.from(
      { length: 24 },
      (_, i) => `${2025 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}-01`,
    )
    const rows = [1, 2].flatMap((unit) =>
      months.map((month) => [unit, null, month, '350100,1,1,true,'] as const),
    )
    const read = await home().read(
      valueOf(await home().fromCsv(csvOf(...rows))),
      'SELECT uscc, month FROM published.main.tax',
    )
    const units = read.map(([unit]) => String(unit))
    expect(units).toEqual(units.toSorted())
    const first = read.filter(([unit]) => unit === 1n).map(([, month]) => String(month))
    expect(first.toSorted()).toEqual(months)
    expect(first).not.toEqual(months)
  })

  test('tells empty and rounded cells per column', async () => {
    const dataset = taxDataset({ csv: { delimiter: ',', null: ['', 'NA', '-'] } })
    const csv = csvOf(
      [1, null, '2026-01-01', '350100,1.005,NA,true,-'],
      [2, null, '2026-01-01', '350100,1.500,-,TRUE,x'],
      [3, null, '2026-01-01', '350100,1e-3,5,0,'],
      [4, null, '2026-01-01', '350100,1.5e1,-6,1,'],
    )
    const { delivery } = valueOf(await home().fromCsv(csv, { dataset }))
    const told = Object.fromEntries(
      delivery!.columns.map(({ column, empty, rounded }) => [column, [empty, rounded]]),
    )
    expect(told).toEqual({
      uscc: [0, 0],
      legal_id: [4, 0],
      month: [0, 0],
      region: [0, 0],
      paid: [0, 2],
      staff: [2, 0],
      late: [0, 0],
      remark: [3, 0],
    })
  })

  test('takes formulas as text in a text column, and a public table without entities', async () => {
    const codes = taxDataset({
      dataset: 'codes',
      entities: [],
      grain: ['region'],
      columns: taxDataset().columns.filter(({ name }) => name === 'region'),
    })
    const policy = taxPolicy(
      {},
      {
        datasets: {
          codes: {
            contribution: { rowsMax: 1, groupsMax: 1 },
            columns: { region: { use: 'dimension' } },
          },
        },
      },
    )
    const cells = ['=cmd', '+1', '@x', '-1']
    const value = valueOf(
      await home().fromCsv(`region\n${cells.join('\n')}\n`, { dataset: codes, policy }),
    )
    const rows = await home().read(value, `FROM ${tableOf('codes')}`)
    expect(rows.map(String).toSorted()).toEqual(cells.toSorted())
    expect(value.registers).toEqual([])
  })
})
