import { agreementSchema, type Agreement } from './agreement.ts'
import type { Dataset } from './dataset.ts'
import { readDocuments, type Read } from './documents.ts'
import type { Policy } from './policy.ts'
import type { PolicyTest } from './policy-test.ts'
import { refuse, type Refusal } from './refusal.ts'

/** What all cases of a test are judged under. */
export type Setting = {
  readonly datasets: readonly Dataset[]
  readonly policy: Policy
  readonly agreement: Agreement
  readonly today: string
}
/** A problem of one of the documents: in the test itself (`where` is a path in it) or in the file of this name. */
type Fault = { readonly file?: string; readonly refusals: readonly Refusal[] }

/** The files that a test names. */
export const filesOf = (test: PolicyTest): readonly string[] =>
  sourcesOf(test).flatMap(({ source }) => (typeof source === 'string' ? [source] : []))

type Source = {
  readonly where: string
  readonly kind: 'policy' | 'dataset' | 'agreement'
  readonly source: PolicyTest['policy']
}
const sourcesOf = ({ policy, datasets, agreement }: PolicyTest): readonly Source[] => [
  { where: 'policy', kind: 'policy', source: policy },
  ...datasets.map((source, at) => ({ where: `datasets.${at}`, kind: 'dataset' as const, source })),
  ...(agreement === undefined
    ? []
    : [{ where: 'agreement', kind: 'agreement' as const, source: agreement }]),
]

/**
 * Reads the documents of a test against each other. `textOf` gives the text of each file that it names, undefined where
 * the file cannot be read.
 */
export const settingOf = (
  test: PolicyTest,
  textOf: (file: string) => string | undefined,
): { readonly setting: Setting } | { readonly faults: readonly Fault[] } => {
  const sources = sourcesOf(test)
  const texts = sources.map(({ source }) =>
    typeof source === 'string' ? textOf(source) : JSON.stringify(source),
  )
  const missing = sources.flatMap(({ where, source }, at) =>
    typeof source === 'string' && texts[at] === undefined
      ? [refuse('source/no-document', { where, name: source.slice(0, 400) })]
      : [],
  )
  if (missing.length > 0) return { faults: [{ refusals: missing }] }
  const { read, documents } = readDocuments(texts.filter((text) => text !== undefined))
  const faults = sources.flatMap((source, at) => faultsOf(source, read[at]))
  const [policy] = documents.policies
  if (faults.length > 0 || policy === undefined) return { faults }
  const agreement = documents.agreements[0] ?? everythingOf(policy)
  const today = test.today ?? agreement.from
  return { setting: { datasets: documents.datasets, policy, agreement, today } }
}

const faultsOf = ({ where, kind, source }: Source, outcome: Read | undefined): readonly Fault[] => {
  const refusals =
    outcome?.ok === true && outcome.value.kind !== kind
      ? [refuse('source/unknown-document', { allowed: kind }, { line: 1, column: 1 })]
      : outcome?.ok === false
        ? outcome.refusals
        : []
  if (refusals.length === 0) return []
  if (typeof source === 'string') return [{ file: source, refusals }]
  const inside = refusals.map(({ code, params }) =>
    refuse(code, {
      ...params,
      where: [where, params['where']].filter((part) => part !== undefined).join('.'),
    }),
  )
  return [{ refusals: inside }]
}

/** An agreement that shows all that a policy opens, for a year. */
const everythingOf = (policy: Policy): Agreement =>
  agreementSchema.parse({
    agreement: 'everything',
    organisation: 'anybody',
    scenario: 'test',
    purpose: 'test',
    policy: policy.policy,
    doors: policy.doors,
    datasets: Object.fromEntries(
      Object.entries(policy.datasets).map(([name, { columns }]) => [name, Object.keys(columns)]),
    ),
    rho: Math.min(10, ...Object.values(policy.kinds).map(({ ledger }) => ledger.rho)),
    delta: Math.min(1e-3, ...Object.values(policy.kinds).map(({ ledger }) => ledger.delta)),
    runsMax: 1,
    from: '2026-01-01',
    until: '2026-12-31',
  })
