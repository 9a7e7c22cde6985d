import type { Language } from '../../policies/refusal.ts'
import { widthOf } from '../cli/table.ts'

/** Tells the story: lines on standard output, a step with how long it took. */
export type Printer = {
  readonly language: Language
  readonly t: (en: string, zh: string) => string
  readonly line: (text?: string) => void
  /** Runs a step and prints its label and time once it is over; `work` may add to the label. */
  readonly step: <T>(label: string, work: (add: (text: string) => void) => Promise<T>) => Promise<T>
}

const columns = 72

export const createPrinter = (
  language: Language,
  out: (text: string) => void,
  nowMs: () => number,
): Printer => {
  const line = (text = ''): void => out(`${text}\n`)
  return {
    language,
    t: (en, zh) => (language === 'zh' ? zh : en),
    line,
    step: async (label, work) => {
      const startMs = nowMs()
      let added = ''
      const value = await work((text) => (added += ` · ${text}`))
      const text = `  ✓ ${label}${added}`
      const space = ' '.repeat(Math.max(1, columns - widthOf(text)))
      line(`${text}${space}${((nowMs() - startMs) / 1000).toFixed(1).padStart(5)} s`)
      return value
    },
  }
}
