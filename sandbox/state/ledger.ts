import * as z from 'zod'
import { nameSchema } from '../../policies/name.ts'
import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { assertWhole, femtoText, nanoText } from '../../policies/privacy/amount.ts'
import { refuse, type Refusal } from '../../policies/refusal.ts'
import type { Actor, Draft } from '../log/entry.ts'
import type { Writer } from './commit.ts'
import type { Reader } from './database.ts'
import { readRow, readRows } from './row.ts'
import { takeStep } from './submissions.ts'

/** An amount of the ledger: rho in 1e-9 and delta in 1e-15, whole numbers that are not negative. */
export type Amount = { readonly rhoNano: number; readonly deltaFemto: number }

export const scopes = ['domain', 'dataset', 'organisation', 'agreement'] as const

/**
 * A line of the ledger. Lines are keyed by names which outlive what a policy edit, a new version or a new account can
 * change. A dataset or agreement under a new name has a new line of its own; the line of the whole domain for the kind
 * of entity goes on, so nothing is won by it.
 */
export type Line = {
  readonly scope: (typeof scopes)[number]
  /** Of the dataset, organisation or agreement; `domain` for the domain. */
  readonly name: string
  readonly kind: string
}

/** What one answer costs, for each kind of entity in it, and which lines pay. All of them pay the whole of it. */
export type Charge = {
  readonly costs: readonly (Amount & { readonly kind: string })[]
  readonly datasets: readonly string[]
  readonly organisation: string
  readonly agreement: string
}

/** The most a line may spend in its life; undefined where the policy sets none. The domain's lines must have one. */
export type LimitOf = (line: Line) => Amount | undefined

const nothing: Amount = { rhoNano: 0, deltaFemto: 0 }

/** The lines a charge is paid from, each with what it pays. */
export const linesOf = (charge: Charge): readonly (Line & Amount)[] =>
  charge.costs.flatMap((cost) => [
    { scope: 'domain' as const, name: 'domain', ...cost },
    ...charge.datasets.map((name) => ({ scope: 'dataset' as const, name, ...cost })),
    { scope: 'organisation' as const, name: charge.organisation, ...cost },
    { scope: 'agreement' as const, name: charge.agreement, ...cost },
  ])

/**
 * Pays a charge from all its lines at once, or refuses with `budget/exhausted` or `budget/delta-exhausted` of the
 * tightest line and changes nothing. What is paid is spent here and now: a run that fails or a crash gives nothing back
 * (I6), and there is no operation that does. Logs `ledger/charged` and answers its place.
 */
export const reserve = (
  tx: Writer,
  charge: Charge,
  limitOf: LimitOf,
  by: Pick<Draft, 'actor' | 'subject' | 'detail'>,
): Outcome<number> => {
  checkCharge(charge)
  const lines = linesOf(charge).map((line) => ({ line, before: spentOn(tx, line) }))
  const refusal = tightest(lines.map(({ line, before }) => shortfall(line, before, limitOf(line))))
  if (refusal !== undefined) return refused(refusal)
  for (const { line, before } of lines) spend(tx, line, before)
  return accepted(
    tx.log({ ...by, event: 'ledger/charged', detail: { ...by.detail, ...detailOf(charge) } }),
  )
}

/** Charges a received submission: its step to `charged` and the payment are one change and one entry. */
export const chargeSubmission = (
  tx: Writer,
  {
    id,
    charge,
    limitOf,
  }: { readonly id: string; readonly charge: Charge; readonly limitOf: LimitOf },
  actor: Actor,
  detail: Draft['detail'] = {},
): Outcome<number> => {
  takeStep(tx, { id, to: 'charged' })
  return reserve(tx, charge, limitOf, { actor, subject: { type: 'submission', id }, detail })
}

/** A kind or dataset named twice would pay twice from one reading. */
const checkCharge = ({ costs, datasets }: Charge): void => {
  for (const names of [datasets, costs.map(({ kind }) => kind)])
    if (new Set(names).size !== names.length) throw new Error('a charge names something twice')
  for (const { rhoNano, deltaFemto } of costs) {
    assertWhole(rhoNano, 'rhoNano')
    assertWhole(deltaFemto, 'deltaFemto')
  }
}

type Shortfall = { readonly missing: number; readonly refusal: Refusal }

/** How far a line is from paying, undefined where it can. */
const shortfall = (
  line: Line & Amount,
  before: Amount,
  limit: Amount | undefined,
): Shortfall | undefined => {
  if (limit === undefined && line.scope === 'domain')
    throw new Error('a line of the domain has no limit')
  if (limit === undefined) return undefined
  const left = leftOf(limit, before)
  const scope =
    line.scope === 'domain' ? `domain/${line.kind}` : `${line.scope}/${line.name}/${line.kind}`
  if (line.rhoNano > left.rhoNano)
    return {
      missing: line.rhoNano - left.rhoNano,
      refusal: refuse('budget/exhausted', {
        scope,
        left: nanoText(left.rhoNano),
        needed: nanoText(line.rhoNano),
      }),
    }
  if (line.deltaFemto > left.deltaFemto)
    return {
      missing: 0,
      refusal: refuse('budget/delta-exhausted', {
        scope,
        left: femtoText(left.deltaFemto),
        needed: femtoText(line.deltaFemto),
      }),
    }
  return undefined
}

/** What a line has left, never below nothing: a limit may be lowered under what is spent. */
export const leftOf = (limit: Amount, spent: Amount): Amount => ({
  rhoNano: Math.max(0, limit.rhoNano - spent.rhoNano),
  deltaFemto: Math.max(0, limit.deltaFemto - spent.deltaFemto),
})

/** The line that lacks most; the first of equals, and lines that lack rho before those that lack delta alone. */
const tightest = (shortfalls: readonly (Shortfall | undefined)[]): Refusal | undefined =>
  shortfalls
    .filter((each) => each !== undefined)
    .toSorted((left, right) => right.missing - left.missing)[0]?.refusal

const spend = (tx: Writer, line: Line & Amount, before: Amount): void => {
  const rhoNano = assertWhole(before.rhoNano + line.rhoNano, 'rhoNano')
  const deltaFemto = assertWhole(before.deltaFemto + line.deltaFemto, 'deltaFemto')
  const key = [line.scope, line.name, line.kind]
  const changed = tx.run(
    'UPDATE spent SET rho_nano = ?, delta_femto = ? WHERE scope = ? AND name = ? AND kind = ?',
    rhoNano,
    deltaFemto,
    ...key,
  )
  if (changed === 1) return
  const { scope, name, kind } = line
  tx.insert('spent', { scope, name, kind, rho_nano: rhoNano, delta_femto: deltaFemto })
}

const amountSchema = z.strictObject({
  rhoNano: z.int().min(0),
  deltaFemto: z.int().min(0),
})
const columns = 'rho_nano AS rhoNano, delta_femto AS deltaFemto'

/** What a line has spent in its life so far. */
export const spentOn = (reader: Reader, { scope, name, kind }: Line): Amount =>
  readRow(
    amountSchema,
    reader.get(
      `SELECT ${columns} FROM spent WHERE scope = ? AND name = ? AND kind = ?`,
      scope,
      name,
      kind,
    ),
  ) ?? nothing

const lineSchema = amountSchema.extend({
  scope: z.enum(scopes),
  name: nameSchema,
  kind: nameSchema,
})

/** Every line that has spent something, of one scope or of all. */
export const spentLines = (reader: Reader, scope?: Line['scope']): readonly (Line & Amount)[] =>
  readRows(
    lineSchema,
    reader.all(
      `SELECT scope, name, kind, ${columns} FROM spent WHERE scope = coalesce(?, scope)
       ORDER BY scope, name, kind`,
      scope ?? null,
    ),
  )

/** A charge as the log holds it: everything the recount needs. */
const detailOf = ({ costs, datasets, organisation, agreement }: Charge): Draft['detail'] => ({
  kinds: costs.map(({ kind }) => kind),
  rhoNano: costs.map(({ rhoNano }) => String(rhoNano)),
  deltaFemto: costs.map(({ deltaFemto }) => String(deltaFemto)),
  datasets: [...datasets],
  payer: organisation,
  agreement,
})

const digits = z.array(
  z
    .string()
    .regex(/^\d{1,16}$/)
    .transform(Number),
)
const chargedSchema = z.object({
  kinds: z.array(nameSchema),
  rhoNano: digits,
  deltaFemto: digits,
  datasets: z.array(nameSchema),
  payer: nameSchema,
  agreement: nameSchema,
})

/** The charge a `ledger/charged` entry records; throws where its detail is not one. */
export const chargeOf = (detail: unknown): Charge => {
  const { kinds, rhoNano, deltaFemto, datasets, payer, agreement } = chargedSchema.parse(detail)
  const costs = kinds.map((kind, index) => ({
    kind,
    rhoNano: rhoNano[index] ?? Number.NaN,
    deltaFemto: deltaFemto[index] ?? Number.NaN,
  }))
  return { costs, datasets, organisation: payer, agreement }
}
