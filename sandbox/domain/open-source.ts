import { constants, rmSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { checkCsv, linesOfRows, openCsv, type CsvFile } from '../../connectors/csv.ts'
import { descriptorPath, openFolder } from '../../connectors/inbox.ts'
import { isGzip, makePlain, type Original } from '../../connectors/plain.ts'
import { identityOf } from '../../connectors/regular-file.ts'
import type { Dataset } from '../../policies/dataset.ts'
import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { refuse } from '../../policies/refusal.ts'
import { quoteText } from '../run/engine.ts'
import type { PublishJob } from '../run/publisher-protocol.ts'
import { stagingPath } from './home.ts'
import { openParquet } from './parquet.ts'
import type { SourceFile } from './source.ts'

type FileSource = Extract<PublishJob['source'], { from: 'file' }>
type OnBytes = (fraction: number) => void

/** Opens a job's file, checks its form, and closes it when `use` is done. `onBytes` is told the share that was read. */
export const withSource = async <T>(
  job: PublishJob,
  source: FileSource,
  onBytes: OnBytes,
  use: (file: SourceFile) => Promise<Outcome<T>>,
): Promise<Outcome<T>> => {
  const opened = await openNamed(source)
  if (!opened.ok) return opened
  const handles: FileHandle[] = [opened.value]
  try {
    const file = await check(job, source, { file: opened.value, onBytes, handles })
    if (!file.ok) return file
    const isMeant = source.sha256 === undefined || source.sha256 === file.value.sha256
    return isMeant ? await use(file.value) : refused(refuse('source/changed'))
  } finally {
    for (const handle of handles) await handle.close()
  }
}

const openNamed = async ({
  inbox,
  folder: steps = [],
  file,
  bytesMax,
}: FileSource): Promise<Outcome<FileHandle>> => {
  const folder = await openFolder(inbox, steps).catch(() => undefined)
  if (folder === undefined) return refused(refuse('source/no-folder'))
  try {
    return await openCsv(descriptorPath(folder), file, bytesMax)
  } finally {
    await folder.close()
  }
}

type Opened = {
  readonly file: FileHandle
  readonly onBytes: OnBytes
  /** What is to be closed in the end. */
  readonly handles: FileHandle[]
}

const check = async (
  job: PublishJob,
  { format, encoding, bytesMax }: FileSource,
  { file, onBytes, handles }: Opened,
): Promise<Outcome<SourceFile>> => {
  const { dataset } = job
  if (format === 'parquet') return openParquet(file, { dataset, bytesMax }, onBytes)
  const { size } = await file.stat()
  if (format === 'csv' && encoding === 'utf-8' && !(await isGzip(file))) {
    const csv = await checkCsv(file, dataset, (bytes) => onBytes(Math.min(1, bytes / size)))
    return csv.ok ? accepted(csvSource({ file, csv: csv.value, dataset })) : csv
  }
  const plain = await openUnnamed(stagingPath(job.home, job.job))
  handles.push(plain)
  const form = { format, encoding }
  const original = await makePlain(file, plain, { form, dataset, bytesMax }, (bytes) =>
    onBytes(Math.min(1, bytes / size) / 2),
  )
  if (!original.ok) return original
  const reading =
    format === 'csv'
      ? { dataset }
      : { dataset: converted(dataset), linesAbove: format === 'xlsx' ? 1 : 0 }
  const csv = await checkCsv(plain, reading.dataset)
  onBytes(1)
  if (!csv.ok) return csv
  const made = csvSource({ file: plain, csv: csv.value, ...reading })
  return accepted({ ...made, ...delivered(file, original.value, made) })
}

/** A file that only this process can open: what it holds is in the clear, and gone when the process is. */
const openUnnamed = async (folder: string): Promise<FileHandle> => {
  const path = join(folder, 'plain')
  const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW } = constants
  const file = await open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
  rmSync(path)
  return file
}

/** What was converted by this program is written in one way, whatever the dataset says of its CSV. */
const converted = (dataset: Dataset): Dataset => ({
  ...dataset,
  csv: { delimiter: ',', null: [''] },
})

const delivered = (
  file: FileHandle,
  { sha256, bytes, identity }: Original,
  { isUnchanged }: SourceFile,
): Pick<SourceFile, 'sha256' | 'bytes' | 'isUnchanged'> => ({
  sha256,
  bytes,
  isUnchanged: async () => (await identityOf(file)) === identity && isUnchanged(),
})

type Csv = {
  readonly file: FileHandle
  readonly csv: CsvFile
  readonly dataset: Dataset
  /** Of what this program wrote itself: a row a line, so many lines above the first, and only what stands nowhere is empty. */
  readonly linesAbove?: number
}

const csvSource = (made: Csv): SourceFile => {
  const { file, csv, dataset } = made
  const source = { dataset, rows: csv.rows, reader: csvReader(made) }
  return {
    path: descriptorPath(file),
    sha256: csv.sha256,
    bytes: csv.bytes,
    read: () => Promise.resolve(accepted(source)),
    linesOf: async (rows) => {
      const { linesAbove } = made
      if (linesAbove !== undefined) return rows.map((row) => row + linesAbove)
      if (!csv.spans) return rows.map((row) => row + 1)
      const lines = await linesOfRows(file, rows, dataset.csv.delimiter)
      return rows.flatMap((row) => lines.get(row) ?? [])
    },
    isUnchanged: async () => (await identityOf(file)) === csv.identity,
  }
}

/**
 * The engine's reader over the very file that was checked: by its descriptor, so neither a name with wildcards nor a
 * file put in its place is read. Everything is text; no dialect is guessed.
 */
export const csvReader = ({ file, csv, dataset, linesAbove }: Csv): string => {
  const names = csv.columns.map((name) => quoteText(name))
  const { delimiter, null: nulls } = dataset.csv
  const empty =
    nulls.length > 0
      ? `nullstr = [${nulls.map((text) => quoteText(text)).join(', ')}]`
      : `force_not_null = [${names.join(', ')}]`
  return (
    `read_csv(${quoteText(descriptorPath(file))}, columns = {${names.map((name) => `${name}: 'VARCHAR'`).join(', ')}}, ` +
    `auto_detect = false, header = true, delim = ${quoteText(delimiter)}, quote = '"', escape = '"', comment = '', ` +
    `strict_mode = true, null_padding = false, ignore_errors = false, compression = 'none', encoding = 'utf-8', ` +
    `allow_quoted_nulls = ${linesAbove === undefined}, ${empty})`
  )
}
