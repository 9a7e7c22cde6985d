import type { Actor, Draft } from '../log/entry.ts'
import type { Writer } from './commit.ts'
import type { Reader } from './database.ts'
import { takeStep } from './submissions.ts'

/** How a run ended; which of them it was is for the operator and reviewers, not for the author (I5). */
export type RunOutcome = 'done' | 'failed' | 'stopped'

/** Starts the run of a charged submission. Answers the place of the entry. */
export const startRun = (
  tx: Writer,
  { run, submission }: { readonly run: string; readonly submission: string },
  actor: Actor,
  detail: Draft['detail'] = {},
): number => {
  const event = takeStep(tx, { id: submission, to: 'running' })
  tx.insert('runs', { run, submission, started_ms: tx.nowMs })
  return tx.log({
    actor,
    event,
    subject: { type: 'submission', id: submission },
    detail: { ...detail, run },
  })
}

/** Ends a run that was started and has not ended; anything else is a bug. What it led to is a step of its own. */
export const endRun = (
  tx: Writer,
  { run, outcome }: { readonly run: string; readonly outcome: RunOutcome },
  actor: Actor,
  detail: Draft['detail'] = {},
): number => {
  const changed = tx.run(
    'UPDATE runs SET ended_ms = ?, outcome = ? WHERE run = ? AND ended_ms IS NULL',
    tx.nowMs,
    outcome,
    run,
  )
  if (changed !== 1) throw new Error('no such run is going')
  return tx.log({
    actor,
    event: 'run/ended',
    subject: { type: 'run', id: run },
    detail: { ...detail, outcome },
  })
}

/** The run of a submission that was started and has not ended: what a restart finds. */
export const openRun = (reader: Reader, submission: string): string | undefined => {
  const row = reader.get(
    'SELECT run FROM runs WHERE submission = ? AND ended_ms IS NULL',
    submission,
  )
  return row && String(row['run'])
}
