import type { Dataset } from '../../policies/dataset.ts'
import type { Outcome } from '../../policies/outcome.ts'
import type { Engine } from '../run/engine.ts'

/** The rows of a checked file as the engine reads them: texts, by the names of the dataset's columns. */
export type Source = { readonly dataset: Dataset; readonly rows: number; readonly reader: string }

/** Tells the lines of rows (from 1, without the header); undefined where there is no file to point into. */
export type LinesOf = (rows: readonly number[]) => Promise<readonly number[]>

/** A file of the inbox whose form was checked, held open. */
export type SourceFile = {
  /** Under which the engine reads it. */
  readonly path: string
  /** Of the file as it was delivered. */
  readonly sha256: string
  readonly bytes: number
  /** What the engine reads of it; refuses what only the engine can see. */
  readonly read: (engine: Engine) => Promise<Outcome<Source>>
  readonly linesOf: LinesOf
  /** Whether it is still the file that was checked. */
  readonly isUnchanged: () => Promise<boolean>
}
