import { rmSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { cellOf, csvRecords, type CsvRecord } from '../../connectors/csv-record.ts'
import { checkForm } from '../../connectors/csv.ts'
import { identityOf, openRegular } from '../../connectors/regular-file.ts'
import { refuse } from '../../policies/refusal.ts'
import type { Problem } from '../problem.ts'
import type { Leaf } from './command.ts'
import {
  cannotRead,
  showRefusals,
  showRefused,
  showUsage,
  textOf,
  type Given,
  type Session,
  type Shown,
} from './session.ts'

/** Identifiers of one request, records that wait for their tokens, and tokens that are remembered. */
const [onceMax, waitingMax, knownMax] = [10_000, 100_000, 1_000_000]
const delimiter = ','

type Asked = { readonly agreement: string; readonly kind: string }
type Work = Asked & {
  readonly session: Session
  readonly output: FileHandle
  /** Place of the column. */
  readonly place: number
}
type Done = { readonly rows: number; readonly tokens: number; readonly left?: number }

/**
 * Writes a copy of a file in which tokens stand in the place of the identifiers of one column; every other byte is as it
 * was. The file stays here: identifiers alone travel, each once. Where something is refused nothing is left behind.
 */
const tokens = async (session: Session, { arguments: given, options }: Given): Promise<Shown> => {
  const { t } = session
  const [agreement = '', kind = '', path = ''] = given
  const [column = '', output = ''] = [textOf(options, 'column'), textOf(options, 'output')]
  const source = await openRegular(path).catch(() => undefined)
  if (source === undefined) return cannotRead(session, path)
  try {
    const checked = await checkForm(source, delimiter, () => [])
    if (!checked.ok) return showRefusals(session, checked.refusals)
    const places = checked.value.columns.flatMap((name, at) => (name === column ? [at] : []))
    const [place] = places
    if (place === undefined || places.length > 1)
      return showUsage(
        t(`the file has not one column ${column}`, `文件中没有（或不止一个）字段 ${column}`),
      )
    const target = await open(output, 'wx', 0o600).catch(() => undefined)
    if (target === undefined)
      return showUsage(t(`cannot make ${output} anew`, `无法新建 ${output}`))
    const work = { session, agreement, kind, output: target, place }
    const done = await orNothing(work, output, async () => {
      const copied = await session.during(t('tokens', '生成假名'), async () =>
        replaceColumn(work, source),
      )
      if ('refused' in copied || (await identityOf(source)) === checked.value.identity)
        return copied
      return { refused: showRefusals(session, [refuse('source/changed')]) }
    })
    if ('refused' in done) return done.refused
    const { rows, tokens: made, left = '-' } = done
    const talk = t(
      `${rows} rows with ${made} tokens in ${output}; ${left} more are left`,
      `${rows} 行、${made} 个假名已写入 ${output}；尚可生成 ${left} 个`,
    )
    return { data: { output, ...done }, text: '', talk: `${talk}\n` }
  } finally {
    await source.close()
  }
}

type Copied = Done | { readonly refused: Shown }

/** Closes the copy, and takes it away unless it is whole. */
const orNothing = async (
  { output }: Work,
  path: string,
  copy: () => Promise<Copied>,
): Promise<Copied> => {
  let isWhole = false
  try {
    const copied = await copy()
    isWhole = !('refused' in copied)
    return copied
  } finally {
    await output.close()
    if (!isWhole) rmSync(path, { force: true })
  }
}

/** Copies record by record, as many at a time as one request has room for. */
const replaceColumn = async (work: Work, source: FileHandle): Promise<Copied> => {
  const known = new Map<string, string>()
  const lines = new Map<string, number>()
  let waiting: CsvRecord[] = []
  let done: Done = { rows: 0, tokens: 0 }
  const flush = async (): Promise<Shown | undefined> => {
    if (lines.size > 0) {
      const answer = await ask(work, lines)
      if ('refused' in answer) return answer.refused
      for (const [at, identifier] of [...lines.keys()].entries())
        known.set(identifier, answer.tokens[at] ?? '')
      done = { ...done, tokens: done.tokens + lines.size, left: answer.left }
    }
    const written = waiting.map((record) => textWith(record, work.place, known))
    await work.output.appendFile(written.join(''))
    done = { ...done, rows: done.rows + waiting.length }
    waiting = []
    lines.clear()
    if (known.size > knownMax) known.clear()
    return undefined
  }
  let isHeader = true
  for await (const records of csvRecords(source, delimiter))
    for (const record of records) {
      if (isHeader) {
        await work.output.appendFile(`${record.fields.join(delimiter)}${record.end}`)
        isHeader = false
        continue
      }
      waiting.push(record)
      const identifier = cellOf(record.fields[work.place] ?? '')
      if (identifier !== '' && !known.has(identifier) && !lines.has(identifier))
        lines.set(identifier, record.line)
      if (lines.size < onceMax && waiting.length < waitingMax) continue
      const refused = await flush()
      if (refused !== undefined) return { refused }
    }
  const refused = await flush()
  return refused === undefined ? done : { refused }
}

const textWith = (
  { fields, end }: CsvRecord,
  place: number,
  known: ReadonlyMap<string, string>,
): string => {
  const cells = fields.map((field, at) => (at === place ? (known.get(cellOf(field)) ?? '') : field))
  return `${cells.join(delimiter)}${end}`
}

/** Tokens for identifiers, each with the line that it first stands in; a refusal names lines of the file. */
const ask = async (
  { session, agreement, kind }: Work,
  lines: ReadonlyMap<string, number>,
): Promise<{ tokens: readonly string[]; left: number } | { refused: Shown }> => {
  const identifiers = [...lines.keys()]
  const answer = await session.call('token/make', { agreement, kind, identifiers })
  if (answer.ok && answer.value.tokens.length === identifiers.length) return answer.value
  if (answer.ok) throw new Error('the server gave another number of tokens')
  const { problem } = answer
  const places = [...lines.values()]
  const refusals = problem.refusals.map((refusal) => placed(refusal, places))
  return { refused: showPlaces(session, { ...problem, refusals }) }
}

type Told = Problem['refusals'][number]
const placed = (refusal: Told, places: readonly number[]): Told => {
  const line = refusal.at === undefined ? undefined : places[refusal.at.line - 1]
  return line === undefined ? refusal : { ...refusal, at: { line, column: 1 } }
}

/** Refusals that differ in their place alone are told once. */
const showPlaces = (session: Session, problem: Problem): Shown => {
  const lines = problem.refusals.flatMap(({ at }): number[] => (at === undefined ? [] : [at.line]))
  if (lines.length === 0) return showRefused(session, problem)
  const shown = showRefused(session, { ...problem, refusals: problem.refusals.slice(0, 1) })
  const where = `${session.t('lines', '行')} ${lines.join(', ')}\n`
  return { ...shown, data: problem, talk: `${shown.talk ?? ''}  ${where}` }
}

export const tokensLeaf: Leaf = {
  name: 'tokens <agreement> <kind> <file>',
  en: 'copy a CSV file with tokens in the place of the identifiers of one column',
  zh: '复制 CSV 文件，并以假名替换其中一列标识符',
  options: [
    { flags: '--column <name>', en: 'the column', zh: '字段', required: true },
    {
      flags: '-o, --output <file>',
      en: 'the copy; not there yet',
      zh: '输出文件（不得已存在）',
      required: true,
    },
  ],
  run: tokens,
}
