import { writeFileSync } from 'node:fs'
import * as z from 'zod'
import type { Input, Output } from '../../sandbox/door.ts'
import { entrySchema } from '../../sandbox/log/entry.ts'
import type { Answer } from '../client.ts'
import type { Group, Option } from './command.ts'
import { proveEntry } from './log-inclusion.ts'
import { proveConsistency, showKey, verifyLog } from './log-proof.ts'
import {
  showAnswer,
  showRefused,
  showUsage,
  textOf,
  type Given,
  type Session,
  type Shown,
} from './session.ts'
import { timeText } from './submission.ts'
import { tableOf } from './table.ts'

const pageMax = 200

/** The last entries. The size of the log stands in the second line of its checkpoint. */
const tail = async (session: Session, { options }: Given): Promise<Shown> => {
  const { t } = session
  const count = Number(textOf(options, 'lines') ?? 20)
  if (!(Number.isSafeInteger(count) && count > 0 && count <= pageMax))
    return showUsage(t(`--lines is 1 to ${pageMax}`, `--lines 须为 1 至 ${pageMax}`))
  const head = await session.call('log/checkpoint', {})
  if (!head.ok) return showRefused(session, head.problem)
  const size = Number(head.value.checkpoint.split('\n')[1])
  const input = { cursor: Math.max(0, size - count), limit: count }
  return showAnswer(session, await session.call('log/list', input), (value) => ({
    data: value,
    text: tableOf(
      [
        { title: '#', right: true },
        { title: t('time (UTC)', '时间（UTC）') },
        { title: t('event', '事件') },
        { title: t('who', '操作者') },
        { title: t('about', '对象') },
      ],
      value.entries.map(({ index, entry }) => [String(index), ...entryCells(entry)]),
    ),
  }))
}

const entryCells = (text: string): readonly string[] => {
  const { data } = entrySchema.safeParse(JSON.parse(text))
  if (data === undefined) return ['', '?', '', '']
  const { timeMs, event, actor, subject } = data
  return [
    timeText(timeMs),
    event,
    `${actor.account}@${actor.organisation}`,
    `${subject.type} ${subject.id}`,
  ]
}

/**
 * All lines of an export, page by page. The first line says how many entries it is of: the pages after it are asked for
 * the same number, since the log grows meanwhile, by this export among others.
 */
export const exportLines = async (call: Session['call']): Promise<Answer<readonly string[]>> => {
  const lines: string[] = []
  let from: number | undefined = 0
  let size: number | undefined
  while (from !== undefined) {
    const input: Input<'log/export'> = { from, ...(size === undefined ? {} : { size }) }
    const page: Answer<Output<'log/export'>> = await call('log/export', input)
    if (!page.ok) return page
    size ??= sizeOf(page.value.lines[0])
    lines.push(...page.value.lines)
    if (page.value.next !== undefined && page.value.next <= from)
      throw new Error('the export does not go on')
    from = page.value.next
  }
  return { ok: true, value: lines }
}

const sizeOf = (header: string | undefined): number =>
  z.object({ size: z.int() }).parse(JSON.parse(header ?? '')).size

const exportLog = async (session: Session, { options }: Given): Promise<Shown> => {
  const output = textOf(options, 'output')
  const answer = await session.during(session.t('exporting', '导出中'), async () =>
    exportLines(session.call),
  )
  return showAnswer(session, answer, (lines) => {
    const text = lines.map((line) => `${line}\n`).join('')
    if (output === undefined) return { data: { lines }, text }
    writeFileSync(output, text, { mode: 0o600 })
    const talk = session.t(
      `${lines.length} lines to ${output}`,
      `${lines.length} 行已写入 ${output}`,
    )
    return { data: { output, lines: lines.length }, text: '', talk: `${talk}\n` }
  })
}

const keyWords = {
  en: 'the public key of the log, or a file with it, got by another way than the export',
  zh: '日志验证公钥或其文件（须从导出文件以外的渠道取得）',
}
const verifierOption: Option = {
  flags: '--verifier <key>',
  en: 'the public key of the log, or a file with it; without it the server is asked',
  zh: '日志验证公钥或其文件；缺省时向服务器获取',
}
export const logGroup: Group = {
  name: 'log',
  en: 'the log',
  zh: '存证日志',
  leaves: [
    {
      name: 'tail',
      en: 'show the last entries',
      zh: '显示最近条目',
      options: [{ flags: '-n, --lines <n>', en: 'how many, 20 by default', zh: '条数，默认 20' }],
      run: tail,
    },
    {
      name: 'verify <file>',
      en: 'verify an export here, without a server',
      zh: '离线验证导出的日志',
      options: [
        { ...verifierOption, en: keyWords.en, zh: keyWords.zh, required: true },
        {
          flags: '--checkpoint <file>',
          en: 'a checkpoint kept from before, which the export must go on from',
          zh: '此前留存的检查点；导出内容须为其延续',
        },
      ],
      run: verifyLog,
    },
    {
      name: 'prove <index>',
      en: 'prove that an entry is in the log',
      zh: '证明条目存在于日志中',
      options: [
        verifierOption,
        {
          flags: '--size <entries>',
          en: 'in the log as it was when it had so many entries',
          zh: '以日志曾有的条数为准',
        },
        {
          flags: '--checkpoint <file>',
          en: 'in the log of this kept checkpoint',
          zh: '以留存的检查点为准',
        },
      ],
      run: proveEntry,
    },
    {
      name: 'consistency <checkpoint>',
      en: 'prove that the log goes on from a checkpoint kept in a file',
      zh: '证明日志为留存检查点的延续',
      options: [
        verifierOption,
        {
          flags: '--keep',
          en: 'once proven, keep the present checkpoint in that file; the first one where there is no file',
          zh: '核实后以当前检查点更新该文件；文件不存在时留存首个检查点',
        },
      ],
      run: proveConsistency,
    },
    {
      name: 'key',
      en: 'print the public key of the log, as the server says it',
      zh: '显示服务器提供的日志验证公钥',
      run: showKey,
    },
    {
      name: 'export',
      en: 'export the log for offline verification',
      zh: '导出日志以供离线验证',
      options: [{ flags: '-o, --output <file>', en: 'write to a file', zh: '写入文件' }],
      run: exportLog,
    },
  ],
}
