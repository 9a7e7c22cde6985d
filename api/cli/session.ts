import { readFileSync } from 'node:fs'
import { refuse, type Language, type Refusal } from '../../policies/refusal.ts'
import type { Action } from '../../policies/roles.ts'
import type { Input, Output } from '../../sandbox/door.ts'
import { createClient, type Answer, type Client } from '../client.ts'
import { problemOf, type Problem } from '../problem.ts'
import { findKey } from './key.ts'
import { showProgress } from './progress.ts'
import { exitOf, exits, refusalText, type Refused } from './refusal.ts'
import { printable } from './table.ts'

/** Everything of the machine a command may touch beside files. */
export type Surroundings = {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Data goes out here, talk to `err`. */
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  readonly stdin: () => Promise<string>
  /** Whether talk goes to a terminal. */
  readonly isTerminal: boolean
  readonly nowMs: () => number
  readonly id: () => string
  readonly fetch: typeof fetch
  /** Resolves when the user wants what runs to end (SIGINT, SIGTERM); until it is called these end the process. */
  readonly untilInterrupted: () => Promise<void>
}

/** What a command has to show: data for `--json`, the same for people, talk beside it, and how it ended. */
export type Shown = {
  readonly data: unknown
  readonly text: string
  readonly talk?: string
  readonly exit?: number
}
export type Options = Readonly<Record<string, string | readonly string[] | boolean | undefined>>
/** What a command was called with. */
export type Given = { readonly arguments: readonly string[]; readonly options: Options }

/** One call of `sluice`. */
export type Session = {
  readonly surroundings: Surroundings
  readonly language: Language
  readonly json: boolean
  /** Picks the words of the session's language. */
  readonly t: (en: string, zh: string) => string
  readonly url: string
  readonly call: <A extends Action>(action: A, input: Input<A>) => Promise<Answer<Output<A>>>
  readonly resultText: Client['resultText']
  /** Runs something and says what is being waited for once that takes more than a second. */
  readonly during: <T>(label: string, work: () => Promise<T>) => Promise<T>
}

const defaultUrl = 'http://127.0.0.1:8787'

export const openSession = (
  surroundings: Surroundings,
  language: Language,
  options: Options,
): Session => {
  const { environment } = surroundings
  const url = textOf(options, 'url') ?? environment['SLUICE_URL'] ?? defaultUrl
  const connected = connect(surroundings, language, url, textOf(options, 'keyFile'))
  return {
    surroundings,
    language,
    json: options['json'] === true,
    t: (en, zh) => (language === 'zh' ? zh : en),
    url,
    call: async (action, input) =>
      'refusal' in connected
        ? ownProblem(connected.refusal, language)
        : connected.call(action, input),
    resultText: async (id, media) =>
      'refusal' in connected
        ? ownProblem(connected.refusal, language)
        : connected.resultText(id, media),
    during: async (label, work) => {
      const over = showProgress(surroundings, label, surroundings.nowMs)
      try {
        return await work()
      } finally {
        over()
      }
    },
  }
}

/** A client for the key and place given, or the refusal that says why there is none: a key never travels in clear. */
const connect = (
  surroundings: Surroundings,
  language: Language,
  url: string,
  keyFile: string | undefined,
): Client | { readonly refusal: Refusal } => {
  if (!URL.canParse(url))
    return { refusal: refuse('submission/malformed', { where: 'url', problem: 'is no URL' }) }
  const { protocol, hostname } = new URL(url)
  const isLocal = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname)
  if (protocol !== 'https:' && !(protocol === 'http:' && isLocal))
    return { refusal: refuse('access/plain-http', { host: hostname.slice(0, 100) }) }
  const found = findKey(surroundings.environment, keyFile)
  if ('key' in found)
    return createClient({ url, key: found.key, language, fetch: surroundings.fetch })
  return {
    refusal:
      found.problem === 'no-key'
        ? refuse('access/unauthenticated')
        : refuse('access/key-file', { path: found.path.slice(0, 300) }),
  }
}

const ownProblem = (refusal: Refusal, language: Language): Answer<never> => ({
  ok: false,
  problem: problemOf([refusal], language, { requestId: 'local' }),
})

/** A refusal as a command's end. `text` is what was submitted: the offending line is shown from it. */
export const showRefused = (session: Session, refused: Refused, text?: string): Shown => ({
  data: refused,
  text: '',
  talk: refusalText(refused, session.t('fix', '处理'), text),
  exit: exitOf(refused.code),
})

/** Refusals found on this side, without a server. */
export const showRefusals = (
  session: Session,
  refusals: readonly Refusal[],
  text?: string,
): Shown => showRefused(session, problemHere(session, refusals), text)

/** Refusals of one file of several, under its name. */
export const showRefusedFile = (
  session: Session,
  refusals: readonly Refusal[],
  { path, text }: TextFile,
): Shown => {
  const shown = showRefusals(session, refusals, text)
  return { ...shown, talk: `${printable(path)}\n${shown.talk ?? ''}` }
}

/** Refusals found on this side, with their words. */
export const problemHere = ({ language }: Session, refusals: readonly Refusal[]): Problem =>
  problemOf(refusals, language, { requestId: 'local' })

/** Shows an answer's value, or its refusals. */
export const showAnswer = <T>(
  session: Session,
  answer: Answer<T>,
  show: (value: T) => Shown,
): Shown => (answer.ok ? show(answer.value) : showRefused(session, answer.problem))

export const showUsage = (talk: string): Shown => ({
  data: { code: 'usage', message: talk },
  text: '',
  talk: `${talk}\n`,
  exit: exits.usage,
})

export const textOf = (options: Options, name: string): string | undefined => {
  const value = options[name]
  return typeof value === 'string' ? value : undefined
}

/** The text of a file, without a byte order mark; undefined where it cannot be read or is not UTF-8. */
export const readText = (path: string): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path))
  } catch {
    return undefined
  }
}

/** A file with its text. */
export type TextFile = { readonly path: string; readonly text: string }

/** The texts of files; what to show instead where one of them cannot be read. */
export const readTexts = (
  session: Session,
  paths: readonly string[],
): readonly TextFile[] | Shown => {
  const files = paths.map((path) => ({ path, text: readText(path) }))
  const missing = files.find(({ text }) => text === undefined)
  return missing === undefined
    ? files.map(({ path, text = '' }) => ({ path, text }))
    : cannotRead(session, missing.path)
}
export const isShown = (value: object): value is Shown => 'data' in value

export const cannotRead = ({ t }: Session, path: string): Shown =>
  showUsage(t(`cannot read ${path} as UTF-8 text`, `无法按 UTF-8 文本读取 ${path}`))
