import type { Submission } from '../../../policies/submission.ts'
import type { Otherwise } from './conduct.ts'
import { limitNano, questionsMax, type Table } from './table.ts'

/** A way to get more out of the ledger than is in it: as it ends, and as it ends where one guard is out. */
export type Game = {
  readonly title: string
  readonly play: (table: Table) => Promise<void>
  /** What is otherwise. */
  readonly guard: string
  readonly without: (table: Table) => Promise<void>
}

export const movesOf = ({ rounds }: Table): number => questionsMax * (1 + rounds)
export const times = async (
  count: number,
  move: (at: number) => Promise<unknown>,
): Promise<void> => {
  for (let at = 0; at < count; at += 1) await move(at)
}

/** As many moves under an agreement of its own. */
export const under =
  (rhoNano: number, move: (table: Table, agreement: string, at: number) => Promise<unknown>) =>
  async (table: Table): Promise<void> => {
    const agreement = await table.sign(rhoNano)
    await times(movesOf(table), (at) => move(table, agreement, at))
  }
export const past = (otherwise: Otherwise, spec: Partial<Submission> = {}, rhoNano = limitNano) =>
  under(rhoNano, (table, agreement) => table.conduct({ agreement, ...spec }, otherwise))
