import { closeSync, constants, existsSync, fstatSync, openSync, readFileSync } from 'node:fs'
import * as z from 'zod'
import { accepted, refused, type Outcome } from '../policies/outcome.ts'
import { refuse } from '../policies/refusal.ts'
import { domainKeySchema } from './domain/custody.ts'

const whole = (least: number, most: number, usual: number, meaning: string) =>
  z.int().min(least).max(most).default(usual).describe(meaning)

const hourMs = 3_600_000

/**
 * Limits of the keeper and its children, as an operator may set them in `settings.json` of a home. What stands here is
 * what holds without that file. The checker's and runner's address space was measured to be the least in which the
 * runtime and the engine start (`bench`); what the engine's own memory limit does not cover ends there.
 */
const settingsSchema = z
  .strictObject({
    checker: z
      .strictObject({
        size: whole(1, 64, 2, 'checkers kept ready'),
        usesMax: whole(1, 1_000_000, 5000, 'texts a checker reads before it is replaced'),
        waitingMax: whole(1, 1024, 64, 'texts that wait for a checker'),
        timeoutMs: whole(100, 10_000, 2000, 'time for one text, then the checker is killed'),
        addressSpaceMb: whole(2048, 65_536, 4096, 'address space of a checker'),
        heapMb: whole(64, 8192, 256, 'JavaScript heap of a checker'),
      })
      .prefault({}),
    runner: z
      .strictObject({
        size: whole(
          1,
          64,
          2,
          'runs of the noise door at one time, and runners kept ready for them',
        ),
        peopleSize: whole(
          1,
          64,
          1,
          'runs of the people door at one time, which all last `failureMs`',
        ),
        waitingMax: whole(
          1,
          1024,
          32,
          'submissions that wait for a run, at each door; a quarter of them of one organisation',
        ),
        timeoutMs: whole(100, 600_000, 10_000, 'time for a run, then its engine is told to stop'),
        graceMs: whole(50, 60_000, 2000, 'time after that, then the runner is killed'),
        memoryMb: whole(256, 1_048_576, 4096, 'memory of the engine of a run'),
        threads: whole(1, 256, 2, 'threads of the engine of a run'),
        addressSpaceMb: whole(2048, 4_194_304, 12_288, 'address space of a runner'),
        heapMb: whole(64, 65_536, 1024, 'JavaScript heap of a runner'),
      })
      .prefault({}),
    publisher: z
      .strictObject({
        timeoutMs: whole(1000, 24 * hourMs, hourMs, 'time for publishing one file'),
        bytesMax: whole(1024, 2 ** 44, 64 * 2 ** 30, 'largest source file, in bytes'),
        memoryMb: whole(256, 1_048_576, 2048, 'memory of the engine of a publisher'),
        threads: whole(1, 256, 2, 'threads of the engine of a publisher'),
        addressSpaceMb: whole(2048, 4_194_304, 16_384, 'address space of a publisher'),
        heapMb: whole(64, 65_536, 1024, 'JavaScript heap of a publisher'),
        waitingMax: whole(0, 64, 8, 'ingests and destructions that wait for the one under way'),
      })
      .prefault({}),
    failureMs: whole(
      500,
      hourMs,
      16_000,
      'when the author of a run that released nothing is told so, whatever ended it; no run may last longer',
    ),
    retryMs: whole(
      50,
      60_000,
      2000,
      'how long to wait before writing again to a disk that was full',
    ),
    retentionMs: whole(
      1000,
      24 * hourMs,
      hourMs,
      'how often it is looked whether a version was kept long enough',
    ),
    stopMs: whole(0, 600_000, 25_000, 'how long a keeper that is asked to stop lets runs finish'),
    clockBehindMs: whole(
      1000,
      4_000_000_000_000,
      5 * 60_000,
      'how far the clock may stand behind the last entry of the log at opening',
    ),
  })
  .extend({ domainKey: domainKeySchema.default({ source: 'file' }) })
  .refine(
    ({ failureMs, runner, checker }) =>
      failureMs >= runner.timeoutMs + runner.graceMs + checker.timeoutMs,
    {
      path: ['failureMs'],
      message: 'at least runner.timeoutMs + runner.graceMs + checker.timeoutMs',
    },
  )
export type Settings = z.output<typeof settingsSchema>

/** What holds in a home without a file of settings. */
export const usualSettings: Settings = settingsSchema.parse({})

const bytesMax = 65_536

/** The settings of a home: those of its file, where there is one, and the usual ones. Refuses what it does not know. */
export const readSettings = (file: string): Outcome<Settings> => {
  const malformed = (where: string, problem: string) =>
    refused(refuse('domain/settings-malformed', { file, where, problem: problem.slice(0, 200) }))
  const content = existsSync(file) ? readSmall(file) : '{}'
  const json = content === undefined ? undefined : parseJson(content)
  if (json === undefined)
    return malformed('file', `a regular file of JSON, ${bytesMax} bytes at most`)
  const parsed = settingsSchema.safeParse(json)
  if (parsed.success) return accepted(parsed.data)
  const [issue] = parsed.error.issues
  return malformed(issue?.path.join('.') || 'file', issue?.message ?? '')
}

const readSmall = (file: string): string | undefined => {
  let descriptor: number | undefined
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    const status = fstatSync(descriptor)
    return status.isFile() && status.size <= bytesMax ? readFileSync(descriptor, 'utf8') : undefined
  } catch {
    return undefined
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}

const parseJson = (content: string): unknown => {
  try {
    return JSON.parse(content)
  } catch {
    return undefined
  }
}

type Field = {
  readonly description?: string
  readonly default?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly properties?: Readonly<Record<string, Field>>
}

/** The settings as a page. `docs/settings.md` is this; a test compares. */
export const settingsPage = (): string => {
  const { properties = {} } = z.toJSONSchema(settingsSchema, { io: 'input' }) as Field
  const { domainKey: _, ...numbers } = properties
  const fields = Object.entries(numbers).flatMap(([name, field]) =>
    field.properties === undefined
      ? [[name, field] as const]
      : Object.entries(field.properties).map(([inner, one]) => [`${name}.${inner}`, one] as const),
  )
  return [
    '# Settings of a home',
    '',
    'Generated from `sandbox/settings.ts`; a test compares. An operator may set them in `settings.json` of a home, read',
    'when the server starts. All but `domainKey` are whole numbers; each may be left out. An unknown name, or a number outside its',
    'bounds, is refused (`domain/settings-malformed`). `failureMs` must leave time for a run:',
    '`runner.timeoutMs + runner.graceMs + checker.timeoutMs` at most.',
    '',
    '```json',
    '{ "runner": { "size": 4, "memoryMb": 8192 }, "publisher": { "threads": 8 } }',
    '```',
    '',
    '| setting | usual | least | most | meaning |',
    '| --- | ---: | ---: | ---: | --- |',
    ...fields.map(
      ([name, { default: usual, minimum, maximum, description }]) =>
        `| \`${name}\` | ${usual} | ${minimum} | ${maximum} | ${description} |`,
    ),
    '',
    '## Who keeps the domain key',
    '',
    '`domainKey` says where the key that wraps all others comes from. Give it with `sluice init --settings FILE`: the file becomes',
    'the `settings.json` of the home.',
    '',
    '| `domainKey` | the key file holds | the disk alone opens |',
    '| --- | --- | --- |',
    '| `{ "source": "file" }`, usual | the domain key | everything |',
    '| `{ "source": "file", "path": "/mnt/keys/domain.key" }` | the same, at another place | nothing, where that is another disk |',
    '| `{ "source": "environment" }` | it wrapped by the 32 bytes that `SLUICE_DOMAIN_KEY` has in base64 | nothing |',
    '| `{ "source": "command", "command": ["/usr/local/lib/hsm"] }` | what the command made of it | nothing |',
    '',
    'The key file is refused unless it is of the user that serves, with mode 0600 or 0400. The domain key is random and replaced at',
    'every destruction, whoever keeps it. To exchange the key of the environment, start once with the new one and the old one in',
    '`SLUICE_DOMAIN_KEY_PREVIOUS`. The environment is also that of the process that speaks HTTP: prefer a command.',
    '',
    'A command is called with the last word `wrap` and the key in base64 on its standard input, or `unwrap` and what it answered',
    'then; it answers one line of up to 4000 visible characters within 15 seconds and ends with 0. It must be a file that nobody',
    'but the system or the user that serves can change; no key is ever among its words, and its environment is empty.',
    '',
  ].join('\n')
}
