import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect } from 'vitest'
import { canonicalJson } from '../../policies/canonical.ts'
import { openCheckpoint, signerOf, verifierOf } from '../../sandbox/log/checkpoint.ts'
import { entrySchema, type Draft } from '../../sandbox/log/entry.ts'
import { appendLeaf, emptyEdge, leafHash, rootOf, type Edge } from '../../sandbox/log/tree.ts'
import { openState, type State, type StateOptions } from '../../sandbox/state/open.ts'
import { systemWorld, type World } from '../../sandbox/world.ts'

export const testSigner = signerOf('sluice.example/test', Buffer.alloc(32, 1))

/** A clock that stands where it is set. */
export const worldAt = (start: number): World & { set: (ms: number) => void } => {
  let now = start
  return { ...systemWorld, nowMs: () => now, set: (ms) => (now = ms) }
}

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'sluice-state-'))

/** Runs with a folder of its own, and removes it. */
export const inFolder = (run: (folder: string) => void): void => {
  const folder = temporaryFolder()
  try {
    run(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export const openTest = (folder: string, more: Partial<StateOptions> = {}): State => {
  const opened = openState({ folder, signer: testSigner, world: systemWorld, ...more })
  if (!opened.ok) throw new Error(JSON.stringify(opened.refusals))
  return opened.value
}

/** The code with which opening is refused, or `opened`. */
export const openingOf = (folder: string, more: Partial<StateOptions> = {}): string => {
  const opened = openState({ folder, signer: testSigner, world: systemWorld, ...more })
  if (!opened.ok) return opened.refusals.map(({ code }) => code).join()
  opened.value.close()
  return 'opened'
}

/**
 * Runs SQL on the closed file, as somebody with the disk in hands could: without the triggers, which are put back, so
 * that the schema is what it was.
 */
export const tamperWith = (folder: string, sql: string): void => {
  const file = new DatabaseSync(join(folder, 'state.db'))
  const triggers = file.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all()
  for (const { name } of triggers) file.exec(`DROP TRIGGER ${String(name)}`)
  file.exec(`PRAGMA foreign_keys = OFF; ${sql}`)
  for (const trigger of triggers) file.exec(String(trigger['sql']))
  file.close()
}

export const draft = (id: string, more: Partial<Draft> = {}): Draft => ({
  actor: { account: 'wang', organisation: 'operator', role: 'operator' },
  event: 'log/checked',
  subject: { type: 'log', id },
  detail: {},
  ...more,
})

/**
 * Reads the whole log again and verifies all of it: places without a gap, times that never go back, entries in their
 * one canonical form, every stored hash, every kept checkpoint, and the newest one at the end. Answers the size.
 */
export const checkLog = ({ reader, last }: State): number => {
  const hashes = new Map(
    reader
      .all('SELECT level, idx, hash FROM hashes')
      .map(({ level, idx, hash }) => [
        `${String(level)}/${String(idx)}`,
        Buffer.from(hash as Uint8Array),
      ]),
  )
  const notes = new Map(
    reader
      .all('SELECT size, note FROM checkpoints')
      .map(({ size, note }) => [Number(size), String(note)]),
  )
  let edge: Edge = emptyEdge
  let timeMs = 0
  for (const { seq, body } of reader.all('SELECT seq, body FROM entries ORDER BY seq')) {
    const entry = entrySchema.parse(JSON.parse(String(body)))
    expect(entry.seq).toBe(edge.size)
    expect(seq).toBe(edge.size)
    expect(entry.timeMs).toBeGreaterThanOrEqual(timeMs)
    expect(canonicalJson(entry)).toBe(body)
    timeMs = entry.timeMs
    const { completed, edge: grown } = appendLeaf(edge, leafHash(Buffer.from(String(body))))
    edge = grown
    for (const { level, index, hash } of completed) {
      expect(hashes.get(`${level}/${index}`)).toEqual(hash)
      hashes.delete(`${level}/${index}`)
    }
    const note = notes.get(edge.size)
    if (note !== undefined) {
      const checkpoint = openCheckpoint(note, verifierOf(testSigner))
      expect(checkpoint).toMatchObject({
        origin: testSigner.name,
        size: edge.size,
        root: rootOf(edge),
      })
      notes.delete(edge.size)
      expect(edge.size < last().end.edge.size || note === last().note).toBe(true)
    }
  }
  expect(hashes.size).toBe(0)
  expect(notes.size).toBe(0)
  expect(last().end).toEqual({ edge, timeMs })
  return edge.size
}
