import * as z from 'zod'
import { codes } from './codes.ts'
import { problemWords, thingWord } from './problem-words.ts'

export type RefusalCode = keyof typeof codes
export const codeSchema = z.enum(Object.keys(codes) as [RefusalCode, ...RefusalCode[]])

/**
 * A refusal is an answer: a stable code, the words' parameters, and where in the submitted text it was met. Parameters
 * may quote the submitter's own text and public figures of the policy, and nothing else: never a value of the domain.
 */
export const refusalSchema = z
  .strictObject({
    code: codeSchema,
    params: z.record(z.string(), z.union([z.string().max(400), z.number()])).default({}),
    at: z.strictObject({ line: z.int().min(1), column: z.int().min(1) }).optional(),
  })
  .meta({ id: 'refusal' })
export type Refusal = z.infer<typeof refusalSchema>
export type Language = 'en' | 'zh'

/** Builds a refusal. `at` is a position in the submitted text, both counted from 1, columns in characters. */
export const refuse = (
  code: RefusalCode,
  params: Refusal['params'] = {},
  at?: Refusal['at'],
): Refusal => (at === undefined ? { code, params } : { code, params, at })

/** The words of a refusal in one language: what was met, and what would pass. */
export const wordsOf = (refusal: Refusal, language: Language): { message: string; fix: string } => {
  const entry = codes[refusal.code]
  const params = inWords(refusal.params, language)
  return { message: fill(entry.message[language], params), fix: fill(entry.fix[language], params) }
}

/** Parameters that are words of ours are told in the reader's language; `remedy` goes with a problem. */
const inWords = (params: Refusal['params'], language: Language): Refusal['params'] => {
  const { problem, thing } = params
  return {
    ...params,
    ...(problem !== undefined && problemWords(String(problem), language)),
    ...(thing !== undefined && { thing: thingWord(String(thing), language) }),
  }
}

/** Puts parameters into the `{name}` places of a template; a place without one stays empty. */
export const fill = (template: string, params: Readonly<Record<string, string | number>>): string =>
  template.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''))

export const statusOf = (code: RefusalCode): number => codes[code].status
