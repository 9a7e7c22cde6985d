import type * as z from 'zod'
import { listOf, nearestFirst } from './nearest.ts'
import { refuse, refusalSchema, type Refusal } from './refusal.ts'

export type Path = readonly (string | number)[]
/** A problem of a document before it has a place. */
export type Misfit = { readonly path: Path; readonly refusal: Refusal }

/** For `safeParse`: the message about a key that there is not lists the keys that there are. */
export const keysThereAre = (issue: z.core.$ZodRawIssue): string | undefined => {
  if (issue.code !== 'unrecognized_keys') return undefined
  const { shape } = (issue.inst as z.core.$ZodObject)._zod.def
  return Object.keys(shape).join(', ')
}

/**
 * An issue of a schema as refusals: a key a line, of a choice the form that came nearest, and the values that would be
 * taken where there is a list of them. `isWritten` tells whether something stands at a path of the document.
 */
export const misfitsOf = (
  issue: z.core.$ZodIssue,
  isWritten: (path: Path) => boolean,
  outer: Path = [],
): readonly Misfit[] => {
  const path = [
    ...outer,
    ...issue.path.map((part) => (typeof part === 'number' ? part : String(part))),
  ]
  const where = textOf(path)
  if (issue.code === 'unrecognized_keys') return unknownKeys(path, issue.keys, issue.message)
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => invalid(path, message))
  if (issue.code === 'invalid_union' && issue.errors.length > 0)
    return misfitsOfUnion(issue, isWritten, path)
  const options = optionsOf(issue)
  if (!isWritten(path))
    return [
      { path, refusal: refuse('source/key-missing', { where, form: options ?? formOf(issue) }) },
    ]
  const refusal =
    options === undefined
      ? refusalOf(issue, where)
      : refuse('source/not-an-option', { where, allowed: options })
  return [{ path, refusal }]
}

/** What a schema says of a value: one of our refusals that it brought, a kind, a bound, a length, or a sentence. */
const refusalOf = (issue: z.core.$ZodIssue, where: string): Refusal => {
  const brought = issue.code === 'custom' ? issue.params?.['refusal'] : undefined
  if (brought !== undefined) {
    const refusal = refusalSchema.parse(brought)
    return { ...refusal, params: { where, ...refusal.params } }
  }
  if (issue.code === 'invalid_type' && Math.abs(Number(issue.input)) === Infinity)
    return refuse('source/out-of-bounds', {
      where,
      bound: issue.input === Infinity ? '< 1e308' : '> -1e308',
    })
  if (issue.code === 'invalid_type')
    return refuse('source/wrong-type', { where, form: formOf(issue) })
  const bound = boundOf(issue)
  if (bound === undefined) return invalid([where], issue.message).refusal
  return 'origin' in issue && lengths.includes(issue.origin)
    ? refuse('source/wrong-length', { where, bound })
    : refuse('source/out-of-bounds', { where, bound })
}

const lengths: readonly string[] = ['string', 'array']
const boundOf = (issue: z.core.$ZodIssue): string | undefined => {
  if (issue.code === 'too_big') return `${issue.inclusive === false ? '<' : '<='} ${issue.maximum}`
  if (issue.code === 'too_small')
    return `${issue.inclusive === false ? '>' : '>='} ${issue.minimum}`
  return undefined
}

/** Of several bounds that one value breaks the last alone: that of whole numbers in general comes before its own. */
export const tightest = (misfits: readonly Misfit[]): readonly Misfit[] =>
  misfits.filter(
    ({ refusal: { code, params } }, at) =>
      code !== 'source/out-of-bounds' ||
      !misfits
        .slice(at + 1)
        .some(
          ({ refusal: later }) => later.code === code && later.params['where'] === params['where'],
        ),
  )

const misfitsOfUnion = (
  issue: z.core.$ZodIssueInvalidUnion,
  isWritten: (path: Path) => boolean,
  path: Path,
): readonly Misfit[] => {
  if (!isWritten(path))
    return [{ path, refusal: refuse('source/key-missing', { where: textOf(path), form: '…' }) }]
  const kinds = issue.errors.map(([first, ...more]) =>
    more.length === 0 && first?.code === 'invalid_type' && first.path.length === 0
      ? formOf(first)
      : undefined,
  )
  if (!kinds.includes(undefined)) {
    const form = [...new Set(kinds)].join(', ')
    return [{ path, refusal: refuse('source/wrong-type', { where: textOf(path), form }) }]
  }
  const [near = []] = issue.errors.toSorted((left, right) => left.length - right.length)
  const keys = issue.errors
    .flat()
    .flatMap((inner) =>
      inner.code === 'unrecognized_keys' && inner.path.length === 0
        ? inner.message.split(', ')
        : [],
    )
  return near.flatMap((inner) =>
    inner.code === 'unrecognized_keys' && inner.path.length === 0
      ? unknownKeys(path, inner.keys, [...new Set(keys)].join(', '))
      : misfitsOf(inner, isWritten, path),
  )
}

const unknownKeys = (path: Path, keys: readonly string[], allowed: string): readonly Misfit[] =>
  keys.map((key) => ({
    path: [...path, key],
    refusal: refuse('source/unknown-key', {
      where: textOf([...path, key]),
      key: key.slice(0, 100),
      allowed: listOf(nearestFirst(key, allowed.split(', '))),
    }),
  }))

/** What does not fit, in words that name no list of values. */
export const invalid = (path: Path, problem: string): Misfit => ({
  path,
  refusal: refuse('source/invalid-document', {
    where: textOf(path),
    problem: problem.slice(0, 400),
  }),
})

const textOf = (path: Path): string => (path.join('.') || 'document').slice(0, 400)

/** The values that would be taken, where the schema lists them. */
const optionsOf = (issue: z.core.$ZodIssue): string | undefined => {
  const options =
    issue.code === 'invalid_value'
      ? issue.values
      : issue.code === 'invalid_union' && 'options' in issue
        ? issue.options
        : undefined
  return options && listOf(nearestFirst(writtenIn(issue), options.map(String)))
}

/** The value that is none of the options; of a choice by name the name stands inside. */
const writtenIn = ({ input, ...issue }: z.core.$ZodIssue): string => {
  const named = 'discriminator' in issue ? Object(input)[String(issue.discriminator)] : input
  return typeof named === 'string' ? named.slice(0, 100) : ''
}

const forms: Readonly<Record<string, string>> = {
  string: 'text',
  int: '0',
  number: '0.0',
  boolean: 'true, false',
  array: '[ ]',
  tuple: '[ ]',
  object: '{ }',
  record: '{ }',
}
/** How a value of the kind that is missing is written; signs and not words, for readers of both languages. */
const formOf = (issue: z.core.$ZodIssue): string =>
  (issue.code === 'invalid_type' ? forms[issue.expected] : undefined) ?? '…'
