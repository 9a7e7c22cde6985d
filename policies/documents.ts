import * as z from 'zod'
import { agreementSchema, type Agreement } from './agreement.ts'
import { checkAgreement } from './check-agreement.ts'
import { checkPolicy, unknownName } from './check-policy.ts'
import { datasetSchema, type Dataset } from './dataset.ts'
import { parseDocument } from './document.ts'
import { accepted, refused, type Outcome } from './outcome.ts'
import { policySchema, type Policy } from './policy.ts'
import { checkProtection } from './protection.ts'
import { checkPull, pullSchema } from './pull.ts'
import { checkPolicyTest, policyTestSchema } from './policy-test.ts'
import { refuse, type Refusal } from './refusal.ts'
import { sure } from './sure.ts'

/** Documents of all kinds that belong together, each with what could be asked of it. */
export type Documents = {
  readonly datasets: readonly Dataset[]
  readonly policies: readonly Policy[]
  readonly agreements: readonly Agreement[]
}
export type Read = Outcome<{
  readonly kind: DocumentKind
  readonly name: string
  /** Names of other documents were looked up; false where none of their kind was given. */
  readonly whole: boolean
}>

const kinds = ['test', 'agreement', 'pull', 'dataset', 'policy'] as const
type DocumentKind = (typeof kinds)[number]

/** Which of the documents a text is: each has its own key, and those that name others too come first. */
const kindOf = (text: string): Outcome<DocumentKind> => {
  const parsed = parseDocument(text, z.unknown())
  if (!parsed.ok) return parsed
  const { value } = parsed
  const kind = kinds.find((each) => typeof value === 'object' && value !== null && each in value)
  return kind === undefined
    ? refused(
        refuse('source/unknown-document', { allowed: kinds.join(', ') }, { line: 1, column: 1 }),
      )
    : accepted(kind)
}

type Form<T> = {
  readonly schema: z.ZodType<T>
  readonly check?: (value: T) => readonly Refusal[]
  readonly about: (value: T) => { readonly name: string; readonly whole: boolean }
}

/**
 * Reads documents against each other as a domain would, in whatever order they come: policies against the datasets,
 * agreements against the policies; not against what is itself refused. Answers what became of each text, in their order, and all that are sound.
 */
export const readDocuments = (
  texts: readonly string[],
): { readonly documents: Documents; readonly read: readonly Read[] } => {
  const found = texts.map(kindOf)
  const read = new Map<number, Read>()
  const readAll = <T>(kind: DocumentKind, { schema, check, about }: Form<T>): readonly T[] =>
    texts.flatMap((text, at) => {
      if (found[at]?.ok !== true || found[at].value !== kind) return []
      const outcome = parseDocument(text, schema, check)
      read.set(at, outcome.ok ? accepted({ kind, ...about(outcome.value) }) : outcome)
      return outcome.ok ? [outcome.value] : []
    })

  /** Whether names can be looked up: some of a kind were given, and all of them are sound. */
  const areKnown = (kind: DocumentKind): boolean => {
    const given = found.flatMap((each, at) =>
      each.ok && each.value === kind ? [read.get(at)] : [],
    )
    return given.length > 0 && given.every((each) => each?.ok === true)
  }

  const datasets = readAll('dataset', {
    schema: datasetSchema,
    check: checkProtection,
    about: ({ dataset }) => ({ name: dataset, whole: true }),
  })
  const policies = readAll('policy', {
    schema: policySchema,
    check: (policy) => (areKnown('dataset') ? checkPolicy(policy, datasets) : []),
    about: ({ policy }) => ({ name: policy, whole: areKnown('dataset') }),
  })
  const agreements = readAll('agreement', {
    schema: agreementSchema,
    check: (agreement) => (areKnown('policy') ? checkAgreementOf(agreement, policies) : []),
    about: ({ agreement }) => ({ name: agreement, whole: areKnown('policy') }),
  })
  readAll('pull', {
    schema: pullSchema,
    check: (pull) => (areKnown('policy') ? checkPull(pull, policies) : []),
    about: ({ pull }) => ({ name: pull, whole: areKnown('policy') }),
  })
  readAll('test', {
    schema: policyTestSchema,
    check: checkPolicyTest,
    about: ({ test }) => ({ name: test, whole: true }),
  })
  return {
    documents: { datasets, policies, agreements },
    read: found.flatMap((kind, at) => (kind.ok ? sure(read.get(at), 'a document') : kind)),
  }
}

const checkAgreementOf = (
  agreement: Agreement,
  policies: readonly Policy[],
): readonly Refusal[] => {
  const policy = policies.find((each) => each.policy === agreement.policy)
  const names = policies.map((each) => each.policy)
  return policy === undefined
    ? [unknownName('policy', 'policy', agreement.policy, names)]
    : checkAgreement(agreement, policy)
}
