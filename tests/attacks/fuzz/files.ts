import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect } from 'vitest'
import type { Dataset } from '../../../policies/dataset.ts'
import type { Outcome } from '../../../policies/outcome.ts'
import { probeIsolation, startChild } from '../../../sandbox/run/child.ts'
import {
  publisherMessageSchema,
  type PublisherMessage,
} from '../../../sandbox/run/publisher-protocol.ts'
import { openDuck } from '../../support/duck.ts'
import { expectKnown } from '../../support/ours.ts'
import { taxDataset, taxHeader, testHome, three } from '../../support/publishing.ts'
import { mutateBytes, mutateText } from './mutate.ts'
import type { Target } from './target.ts'

type Format = Dataset['ingest']['format']

const jsonLines = three
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line) => {
    const cells = line.split(',')
    return JSON.stringify(
      Object.fromEntries(
        taxHeader.split(',').map((name, at) => [name, cells[at] === '' ? null : cells[at]]),
      ),
    )
  })
  .join('\n')

const parquetOf = async (path: string): Promise<Buffer> => {
  const duck = await openDuck()
  const rows = three
    .trimEnd()
    .split('\n')
    .slice(1, 3)
    .map(
      (line) =>
        `(${line
          .split(',')
          .map((cell) => (cell === '' ? 'NULL' : `'${cell}'`))
          .join()})`,
    )
  await duck.run(
    `COPY (SELECT * FROM (VALUES ${rows.join()}) t(${taxHeader})) TO '${path}' (FORMAT parquet)`,
  )
  duck.close()
  return readFileSync(path)
}

/** A file as a department delivers it, published in this process: rows, or refusals, or a failure of one word. */
export const fileTarget = (
  folder: string,
  format: Format,
  seeds: readonly Buffer[],
  plain?: (content: Buffer) => Promise<Outcome<unknown>>,
): Target => {
  const home = testHome(join(mkdtempSync(join(folder, 'fuzz-')), 'home'))
  const dataset = taxDataset({ ingest: { format } })
  const read = plain ?? ((content: Buffer) => home.fromCsv(content, { dataset }))
  return {
    tries: [8, 1500],
    attempt: async (below) => {
      const [seed, other] = [seeds[below(seeds.length)]!, seeds[below(seeds.length)]!]
      const text = mutateText(seed.toString('utf8'), below, {
        other: three,
        words: [',', '"', '\n'],
      })
      const content = below(2) === 0 ? mutateBytes(seed, below, other) : Buffer.from(text)
      const outcome = await read(content)
      if (!outcome.ok) expectKnown(outcome.refusals)
      expect(readdirSync(join(home.home, 'staging'))).toEqual([])
    },
  }
}

export const csvTarget = (folder: string, plain?: Parameters<typeof fileTarget>[3]): Target =>
  fileTarget(folder, 'csv', [Buffer.from(three), gzipSync(three)], plain)
export const jsonLinesTarget = (folder: string): Target =>
  fileTarget(folder, 'json-lines', [Buffer.from(jsonLines), gzipSync(jsonLines)])
export const workbookTarget = (folder: string): Target =>
  fileTarget(
    folder,
    'xlsx',
    readdirSync('tests/cases/xlsx')
      .filter((name) => name.endsWith('.xlsx'))
      .map((name) => readFileSync(`tests/cases/xlsx/${name}`)),
  )

/** Parquet is taken apart by the engine: in a publisher's own process, which may end, and nothing else may come of it. */
export const parquetTarget = async (folder: string): Promise<Target> => {
  const home = testHome(join(mkdtempSync(join(folder, 'fuzz-')), 'home'))
  const dataset = taxDataset({ ingest: { format: 'parquet' } })
  const seed = await parquetOf(join(folder, 'seed.parquet'))
  const isolation = probeIsolation()
  return {
    tries: [3, 300],
    attempt: async (below) => {
      const job = home.csvJob(mutateBytes(seed, below, seed), { dataset })
      const child = startChild(
        'publisher-process',
        { addressSpaceMb: 3000, heapMb: 192 },
        isolation,
      )
      const said: PublisherMessage[] = []
      await new Promise<void>((settle) => {
        child.onMessage((message) => {
          said.push(publisherMessageSchema.parse(message))
          if (said.at(-1)?.say !== 'progress') settle()
        })
        void child.exited.then(() => settle())
        child.send(job)
      })
      child.kill()
      const last = said.at(-1)
      if (last?.say === 'refused') expectKnown(last.refusals)
      // An engine that died is contained; one that told something in its own words would not be.
      else expect(['published', 'failed', 'progress', undefined]).toContain(last?.say)
    },
  }
}
