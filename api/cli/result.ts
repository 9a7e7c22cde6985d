import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { canonicalJson } from '../../policies/canonical.ts'
import { noteText } from '../../policies/notes.ts'
import type { Output } from '../../sandbox/door.ts'
import { toCsv } from '../csv.ts'
import type { Leaf } from './command.ts'
import { resultTable } from './figure.ts'
import { exits } from './refusal.ts'
import { showAnswer, showUsage, textOf, type Given, type Session, type Shown } from './session.ts'
import type { View } from './submission.ts'
import { printable } from './table.ts'

type Release = Output<'result/fetch'>

/** Whether bytes, digest and result belong together: everybody can check that without the server. */
const isIntact = ({ bytes, digest, result }: Release): boolean =>
  createHash('sha256').update(bytes).digest('hex') === digest && canonicalJson(result) === bytes

const formats = {
  table: (release: Release): string => resultTable(release.result),
  csv: (release: Release): string => toCsv(release.result),
  /** Exactly the digested bytes, without a line feed: `sha256sum` of the file is the digest in the log. */
  json: (release: Release): string => release.bytes,
  release: (release: Release): string => `${JSON.stringify(release)}\n`,
} as const
const isFormat = (text: string): text is keyof typeof formats => Object.hasOwn(formats, text)

/** A released result as a table, and what a reader must know of it beside it. */
export const showRelease = (session: Session, release: Release, view?: View): Shown => {
  if (!isIntact(release)) return showBroken(session)
  return {
    data: release,
    text: resultTable(release.result),
    talk: aboutText(session, release, view),
  }
}

const showBroken = ({ t }: Session): Shown => ({
  data: { code: 'result/not-intact' },
  text: '',
  talk: `${t('the bytes are not those of the digest: do not use them', '结果字节与摘要不符，请勿使用')}\n`,
  exit: exits.integrity,
})

const aboutText = ({ t, language }: Session, release: Release, view: View | undefined): string => {
  const { door, notes } = release.result
  const cost = (view?.cost ?? []).map(({ kind, cost }) => `${kind} rho ${cost.rho}`).join(', ')
  return [
    [
      door === 'noise'
        ? t('noise added, ± is a 95 % interval', '已加噪，± 为 95% 区间')
        : t('exact, released by two reviewers', '精确值，经两名审核员放行'),
      ...(cost === '' ? [] : [t(`charged ${cost}`, `已扣 ${cost}`)]),
      t(`sha-256 ${release.digest.slice(0, 12)}`, `SHA-256 ${release.digest.slice(0, 12)}`),
      t(`log entry ${release.inclusion.index}`, `日志条目 ${release.inclusion.index}`),
    ].join(' · '),
    ...notes.map((note) => `· ${printable(noteText(note, language))}`),
  ]
    .map((line) => `${line}\n`)
    .join('')
}

const fetchResult = async (session: Session, given: Given): Promise<Shown> => {
  const [id = ''] = given.arguments
  const { t } = session
  const output = textOf(given.options, 'output')
  const byName = output?.endsWith('.csv') === true ? 'csv' : 'json'
  const format = textOf(given.options, 'format') ?? (output === undefined ? 'table' : byName)
  if (!isFormat(format))
    return showUsage(
      t('--format is table, csv, json or release', '--format 可为 table、csv、json、release'),
    )
  return showAnswer(session, await session.call('result/fetch', { id }), (release) => {
    if (!isIntact(release)) return showBroken(session)
    const text = formats[format](release)
    if (output === undefined)
      return {
        data: release,
        text,
        ...(format === 'table' ? { talk: aboutText(session, release, undefined) } : {}),
      }
    writeFileSync(output, text, { mode: 0o600 })
    const { digest } = release
    return { data: { output, digest }, text: '', talk: `${output}  sha-256 ${digest}\n` }
  })
}

export const resultLeaves: readonly Leaf[] = [
  {
    name: 'fetch <id>',
    en: 'fetch a released result',
    zh: '获取已放行的结果',
    options: [
      { flags: '-o, --output <file>', en: 'write to a file', zh: '写入文件' },
      {
        flags: '--format <format>',
        en: 'table, csv, json (the digested bytes), release',
        zh: 'table、csv、json（摘要对应的字节）、release',
      },
    ],
    run: fetchResult,
  },
]
