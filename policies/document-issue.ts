import type * as z from 'zod'
import { refuse, type Refusal } from './refusal.ts'

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
  return options === undefined
    ? [invalid(path, issue.message)]
    : [{ path, refusal: refuse('source/not-an-option', { where, allowed: options }) }]
}

const misfitsOfUnion = (
  issue: z.core.$ZodIssueInvalidUnion,
  isWritten: (path: Path) => boolean,
  path: Path,
): readonly Misfit[] => {
  if (!isWritten(path))
    return [{ path, refusal: refuse('source/key-missing', { where: textOf(path), form: '…' }) }]
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
      allowed: allowed.slice(0, 400),
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
  if (issue.code === 'invalid_value') return issue.values.map(String).join(', ').slice(0, 400)
  return issue.code === 'invalid_union' && 'options' in issue
    ? issue.options?.map(String).join(', ').slice(0, 400)
    : undefined
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
