import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Language } from '../../policies/refusal.ts'
import { createPrinter, type Printer } from './printer.ts'
import { openStage, type Stage } from './stage.ts'
import { personaLines, tellStory, type Told } from './story.ts'
import { servingProblem, thisRuntime } from '../runtime.ts'

const seed = 20_260_101

export type DemoOptions = {
  /** End after the story instead of staying up. */
  readonly once: boolean
  readonly language: Language
  readonly profile: string
  /** 0: any free one. */
  readonly port: number
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}
export type DemoEnd = { readonly exit: number; readonly told?: Told & { readonly seconds: number } }

/** The first minute: makes a city, opens a domain, and shows what it refuses, answers, holds and records. */
export const runDemo = async (options: DemoOptions): Promise<DemoEnd> => {
  const problem = servingProblem(thisRuntime())
  if (problem !== undefined) {
    options.err(`${problem}\n`)
    return { exit: 1 }
  }
  const startMs = performance.now()
  const printer = createPrinter(options.language, options.out, () => performance.now())
  const folder = mkdtempSync(join(tmpdir(), 'sluice-demo-'))
  const signals = catchSignals(() => {
    // Children end with this process; what they still write goes with the folder.
    remove(folder)
    process.exit(130)
  })
  let stage: Stage | undefined
  try {
    const title = 'data that is usable but not visible'
    printer.line(printer.t(`Sluice 数闸: ${title}`, 'Sluice 数闸：数据可用不可见'))
    printer.line()
    const { language, profile, port } = options
    const tell = (line: string): void => options.err(`${line}\n`)
    stage = await openStage({ folder, language, profile, seed, port, tell }, printer)
    const told = await tellStory(stage, printer)
    const seconds = Math.round((performance.now() - startMs) / 100) / 10
    printer.line()
    printer.line(`${seconds} s`)
    for (const missed of told.missed) options.err(`missed: ${missed}\n`)
    if (!options.once) {
      sayWhereToGoOn(stage, printer)
      await signals.next()
    }
    return { exit: told.missed.length === 0 ? 0 : 1, told: { ...told, seconds } }
  } finally {
    await stage?.stop()
    remove(folder)
    signals.release()
  }
}

/** SIGINT and SIGTERM do `early`, until somebody waits for the next one. */
const catchSignals = (
  early: () => void,
): { readonly next: () => Promise<void>; readonly release: () => void } => {
  let act = early
  const caught = (): void => act()
  process.on('SIGINT', caught)
  process.on('SIGTERM', caught)
  return {
    next: async () => new Promise<void>((resolve) => (act = resolve)),
    release: () => {
      process.off('SIGINT', caught)
      process.off('SIGTERM', caught)
    },
  }
}

/** Where each persona can go on. Keys are in files: a key on the screen is a key in somebody's log. */
const sayWhereToGoOn = ({ url, keysFolder }: Stage, { line, t }: Printer): void => {
  line()
  line(
    t(
      'The domain stays up until Ctrl-C. In another terminal:',
      '安全域持续运行，按 Ctrl-C 结束。可在另一终端中继续：',
    ),
  )
  line()
  line(`export URL=${url} KEYS=${keysFolder}`)
  for (const [persona, path] of personaLines) line(`curl -H @$KEYS/${persona}.header $URL${path}`)
  line('npm run --silent sluice -- catalog --url $URL --key-file $KEYS/bank.key')
}

const remove = (folder: string): void =>
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
