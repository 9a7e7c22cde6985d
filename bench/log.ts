import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { accepted } from '../policies/outcome.ts'
import { formatVerifier, signCheckpoint, signerOf, verifierOf } from '../sandbox/log/checkpoint.ts'
import { entryBytes, type Draft } from '../sandbox/log/entry.ts'
import { checkpointLine, entryLine, headerLine } from '../sandbox/log/export.ts'
import { appendLeaf, emptyEdge, leafHash, rootOf } from '../sandbox/log/tree.ts'
import { verifyExportFile } from '../sandbox/log/verify.ts'
import { openState, type State } from '../sandbox/state/open.ts'
import { systemWorld } from '../sandbox/world.ts'

export type LogNumbers = {
  /** One entry a commit, each signed and on the disk before the next. */
  readonly appendsPerSecond: number
  /** Of `entries` in a state of as many, every entry read and hashed again. */
  readonly openSeconds: number
  readonly entries: number
  /** Of an export of `exportEntries` from a file of `exportMegabytes`. */
  readonly verifySeconds: number
  readonly exportEntries: number
  readonly exportMegabytes: number
}

const signer = signerOf('sluice.example/bench', new Uint8Array(32).fill(1))

const draft: Draft = {
  actor: { account: 'li', organisation: 'city-bank', role: 'analyst' },
  event: 'submission/received',
  subject: { type: 'submission', id: '0b54e3f2-6f0a-4a53-9d0e-2f5b7f3f8a11' },
  detail: { digest: 'a'.repeat(64), agreement: 'credit-2026', purpose: '贷前审查' },
}

/** Measures the log on this machine's temporary folder. Answers after half a minute with a million exported entries. */
export const benchLog = async ({
  appends = 5000,
  entries = 100_000,
  exportEntries = 1_000_000,
} = {}): Promise<LogNumbers> => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'))
  try {
    return {
      appendsPerSecond: Math.round(measureAppends(folder, appends)),
      openSeconds: measureOpening(folder, entries),
      entries,
      ...(await measureVerification(join(folder, 'log.jsonl'), exportEntries)),
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const opened = (folder: string): State => {
  const state = openState({ folder, signer, world: systemWorld })
  if (!state.ok) throw new Error(state.refusals.map(({ code }) => code).join())
  return state.value
}

const secondsSince = (start: number): number => (performance.now() - start) / 1000

const measureAppends = (folder: string, count: number): number => {
  const state = opened(folder)
  const start = performance.now()
  for (let index = 0; index < count; index += 1) state.commit(() => accepted(0), [draft])
  const seconds = secondsSince(start)
  state.close()
  return count / seconds
}

const measureOpening = (folder: string, count: number): number => {
  const state = opened(folder)
  const batch: Draft[] = Array.from({ length: 1000 }, () => draft)
  while (state.last().end.edge.size < count) state.commit(() => accepted(0), batch)
  state.close()
  const start = performance.now()
  opened(folder).close()
  return secondsSince(start)
}

const measureVerification = async (
  path: string,
  count: number,
): Promise<Pick<LogNumbers, 'verifySeconds' | 'exportEntries' | 'exportMegabytes'>> => {
  writeExport(path, count)
  const start = performance.now()
  const outcome = await verifyExportFile(path, formatVerifier(verifierOf(signer)))
  const verifySeconds = secondsSince(start)
  if (!outcome.ok) throw new Error('the export is not whole')
  return { verifySeconds, exportEntries: count, exportMegabytes: statSync(path).size / 1e6 }
}

const writeExport = (path: string, count: number): void => {
  const file = openSync(path, 'w')
  const salt = '5a17'.repeat(8)
  let edge = emptyEdge
  let lines = [headerLine(verifierOf(signer), count)]
  const sign = (): string =>
    checkpointLine(signCheckpoint(signer, { size: edge.size, root: rootOf(edge) }))
  for (let seq = 0; seq < count; seq += 1) {
    const bytes = Buffer.from(entryBytes({ ...draft, salt, seq, timeMs: 1_700_000_000_000 + seq }))
    const leaf = leafHash(bytes)
    edge = appendLeaf(edge, leaf).edge
    lines.push(entryLine(bytes.toString('utf8'), leaf))
    if (edge.size % 1024 !== 0) continue
    if (edge.size < count) lines.push(sign())
    writeSync(file, `${lines.join('\n')}\n`)
    lines = []
  }
  writeSync(file, `${[...lines, sign()].join('\n')}\n`)
  closeSync(file)
}
