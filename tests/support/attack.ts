import { readFileSync } from 'node:fs'
import type { Refusal } from '../../policies/refusal.ts'
import { decide } from '../../policies/query/decide.ts'
import { checkerAnswerSchema } from '../../sandbox/run/checker-protocol.ts'
import { startChild } from '../../sandbox/run/child.ts'
import { openPool } from '../../sandbox/run/pool.ts'
import { usualSettings } from '../../sandbox/settings.ts'
import { today } from './checker.ts'
import { townContext, townTables } from './town.ts'

/** What an attack in a text file is: one text a line, under what it tries and what must stand against it. */
type Attack = { readonly family: string; readonly code: string; readonly text: string }

const words: Readonly<Record<string, string>> = { '(nothing)': '', '(spaces)': '   ' }

export const attacksIn = (file: string): readonly Attack[] => {
  const found: Attack[] = []
  let [family, code] = ['', '']
  for (const line of readFileSync(file, 'utf8').split('\n').slice(1)) {
    if (line.startsWith('# ')) family = line.slice(2)
    else if (line.startsWith('## ')) code = line.slice(3)
    else if (line !== '') found.push({ family, code, text: unescaped(words[line] ?? line) })
  }
  return found
}

const unescaped = (text: string): string => text.replaceAll('\\0', '\0').replaceAll('\\n', '\n')

/** What became of a text about the town: `accepted`, or the codes of its refusals; `no answer` where a child gave none. */
type Verdict = { readonly accepted: boolean; readonly codes: readonly string[] }

/** Sends texts to a checker in a process of its own, as the keeper does, and decides on the trees it answers. */
export const openTownCheckers = () => {
  const none = { network: false, privileges: false }
  const pool = openPool({
    start: () => startChild('checker-process', usualSettings.checker, none),
    size: 1,
    usesMax: 5000,
    waitingMax: 1000,
  })
  const tables = townTables.map(({ dataset, columns }) => ({
    dataset,
    columns: columns.map(({ name, type }) => ({ name, type })),
  }))
  const ask = async (text: string): Promise<Verdict> => {
    const reply = await pool.ask({ ask: 'check', text, tables, today }, 10_000)
    const answer = 'answer' in reply ? checkerAnswerSchema.parse(reply.answer) : undefined
    if (answer?.answer === 'refusals') return refusedWith(answer.refusals)
    if (answer?.answer !== 'tree') return { accepted: false, codes: ['no answer'] }
    const decided = decide(answer.tree, townContext)
    return decided.ok ? { accepted: true, codes: [] } : refusedWith(decided.refusals)
  }
  return { ask, close: pool.close }
}

const refusedWith = (refusals: readonly Refusal[]): Verdict => ({
  accepted: false,
  codes: [...new Set(refusals.map(({ code }) => code))],
})
