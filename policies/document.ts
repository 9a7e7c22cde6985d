import {
  Composer,
  isAlias,
  isMap,
  isScalar,
  Lexer,
  Parser,
  type CST,
  type Document,
  type ErrorCode,
  type ParsedNode,
  type YAMLError,
  type YAMLMap,
} from 'yaml'
import type * as z from 'zod'
import {
  invalid,
  keysThereAre,
  misfitsOf,
  tightest,
  type Misfit,
  type Path,
} from './document-issue.ts'
import { accepted, refused, type Outcome } from './outcome.ts'
import { refuse, type Refusal } from './refusal.ts'

/** Largest document, in bytes of UTF-8. */
export const documentBytesMax = 1_048_576
/** Measured with yaml 2.9: 10 microseconds a token, so half a second; nesting of 100 stays far from the stack's end. */
const tokensMax = 50_000
const depthMax = 100
const refusalsMax = 100

/** A plain value, where each part of it was written (by path), and what the language allows but a document does not. */
type Reading = { value: unknown; places: Map<string, number>; problems: [Path, string, number][] }

/**
 * Reads a YAML document (JSON is YAML) against a schema, then asks `check` about it. Refuses all problems at once, each
 * with its path and its line and column: more than 1 MB, many documents in one, aliases and anchors (a few lines of
 * them expand to gigabytes), tags, directives, repeated keys, keys that are no text, unknown keys. A refusal of `check`
 * is placed by its parameter `where`, a path with dots.
 */
export const parseDocument = <T>(
  text: string,
  schema: z.ZodType<T>,
  check: (value: T) => readonly Refusal[] = () => [],
): Outcome<T> => {
  if (text.length > documentBytesMax || new TextEncoder().encode(text).length > documentBytesMax)
    return refused(refuse('source/document-too-large', { max: documentBytesMax }))
  const tokens = tokensOf(text)
  if (typeof tokens === 'string') return refused(invalid([], tokens).refusal)
  const document = [...new Composer({ uniqueKeys: false }).compose(tokens, true, text.length)]
  const reading = readDocument(document)
  const refusals = reading.problems
    .slice(0, refusalsMax)
    .map(([path, problem, offset]) => placed(invalid(path, problem), positionOf(text, offset)))
  if (refusals.length > 0) return refused(...refusals)
  const parsed = schema.safeParse(reading.value, { error: keysThereAre, reportInput: true })
  const place = (path: Path): Refusal['at'] => positionOf(text, nearest(reading.places, path))
  const isWritten = (path: Path): boolean => reading.places.has(path.join('.'))
  if (!parsed.success)
    return refused(
      ...tightest(parsed.error.issues.flatMap((issue) => misfitsOf(issue, isWritten)))
        .slice(0, refusalsMax)
        .map((misfit) => placed(misfit, place(misfit.path))),
    )
  const found = check(parsed.data).slice(0, refusalsMax)
  if (found.length === 0) return accepted(parsed.data)
  return refused(
    ...found.map((refusal) => ({
      ...refusal,
      at: place(String(refusal.params['where'] ?? '').split('.')),
    })),
  )
}

const placed = ({ refusal }: Misfit, at: Refusal['at']): Refusal => ({
  ...refusal,
  ...(at && { at }),
})

/** The parser keeps its own stack, so depth is known before anything that recurses sees the tokens. */
const tokensOf = (text: string): CST.Token[] | string => {
  if (!text.isWellFormed() || text.includes('\0')) return 'the text is not valid UTF-8 or has a NUL'
  const parser = new Parser()
  const tokens: CST.Token[] = []
  let count = 0
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme))
    count += 1
    if (parser.stack.length > depthMax) return `it is nested deeper than ${depthMax} levels`
    if (count > tokensMax) return `it has more than ${tokensMax} words and signs`
  }
  return [...tokens, ...parser.end()]
}

const readDocument = (documents: readonly Document.Parsed[]): Reading => {
  const reading: Reading = { value: undefined, places: new Map([['', 0]]), problems: [] }
  const [document] = documents
  for (const { range } of documents.slice(1, 2))
    reading.problems.push([[], 'it must hold exactly one document', range[0]])
  for (const error of documents.flatMap(({ errors, warnings }) => [...errors, ...warnings]))
    reading.problems.push([[], sentenceOf(error), error.pos[0]])
  if (document?.directives?.yaml.explicit === true)
    reading.problems.push([[], 'directives are not taken', 0])
  reading.value = readNode(document?.contents ?? null, [], reading)
  return reading
}

/** What the parser finds wrong, in sentences of ours: its own change with its version. */
const sentences: Partial<Record<ErrorCode, string>> = {
  BAD_DIRECTIVE: 'directives are not taken',
  BAD_INDENT: 'the line is not indented like those beside it',
  MISSING_CHAR: 'a quotation mark, bracket or comma is missing',
  TAB_AS_INDENT: 'a tab stands where spaces indent',
  TAG_RESOLVE_FAILED: 'tags are not taken',
}

/** An open bracket shows at the next line, which is not indented as what stands in a bracket would be. */
const sentenceOf = ({ code, message }: Pick<YAMLError, 'code' | 'message'>): string =>
  (code === 'BAD_INDENT' && message.startsWith('Flow ') ? sentences.MISSING_CHAR : undefined) ??
  sentences[code] ??
  'it is not YAML'

/** The plain value of a node; notes its place and what is not taken. */
const readNode = (node: ParsedNode | null, path: Path, reading: Reading): unknown => {
  if (node === null) return null
  const [offset] = node.range
  reading.places.set(path.join('.'), offset)
  if (isAlias(node)) {
    reading.problems.push([path, 'aliases are not taken', offset])
    return null
  }
  if (node.anchor !== undefined) reading.problems.push([path, 'anchors are not taken', offset])
  if (node.tag !== undefined) reading.problems.push([path, 'tags are not taken', offset])
  if (isScalar(node)) return node.value
  if (isMap(node)) return readMap(node.items, path, reading)
  return node.items.map((item, place) => readNode(item, [...path, place], reading))
}

const readMap = (items: YAMLMap.Parsed['items'], path: Path, reading: Reading): object => {
  const entries = new Map<string, unknown>()
  for (const { key, value } of items) {
    const [offset] = key.range
    if (!isScalar(key) || typeof key.value !== 'string' || key.value === '__proto__') {
      reading.problems.push([path, 'a key must be a name', offset])
      continue
    }
    const inner = [...path, key.value]
    if (key.anchor !== undefined || key.tag !== undefined)
      reading.problems.push([inner, 'anchors and tags are not taken', offset])
    if (entries.has(key.value)) reading.problems.push([inner, 'the key repeats', offset])
    entries.set(key.value, readNode(value, inner, reading))
    reading.places.set(inner.join('.'), offset)
  }
  return Object.fromEntries(entries)
}

/** Where a path was written, or else the nearest thing around it. */
const nearest = (places: ReadonlyMap<string, number>, path: Path): number => {
  const lengths = [...path.keys(), path.length].toReversed()
  const found = lengths.map((length) => places.get(path.slice(0, length).join('.')))
  return Number(found.find((offset) => offset !== undefined))
}

const positionOf = (text: string, offset: number): Refusal['at'] => {
  const before = text.slice(0, offset)
  const start = before.lastIndexOf('\n') + 1
  return {
    line: before.split('\n').length,
    column: Array.from(before.slice(start)).length + 1,
  }
}
