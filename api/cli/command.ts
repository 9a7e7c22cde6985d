import type { Given, Session, Shown } from './session.ts'

export type Words = { readonly en: string; readonly zh: string }
export type Option = Words & {
  /** As commander reads it: `-o, --output <file>`. */
  readonly flags: string
  readonly required?: boolean
}
/** One command of `sluice`. `name` carries its arguments: `show <id>`. */
export type Leaf = Words & {
  readonly name: string
  readonly options?: readonly Option[]
  readonly run: (session: Session, given: Given) => Promise<Shown>
}
export type Group = Words & { readonly name: string; readonly leaves: readonly Leaf[] }
