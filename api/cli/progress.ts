/** Where talk goes, and whether it is a terminal that can rewrite its last line. */
export type Talk = { readonly err: (text: string) => void; readonly isTerminal: boolean }

const afterMs = 1000
const everyMs = { terminal: 200, lines: 10_000 }

/** Says what is being waited for once it takes more than a second. Call the answer when it is over. */
export const showProgress = (talk: Talk, label: string, nowMs: () => number): (() => void) => {
  const startMs = nowMs()
  let shown = false
  const tell = (): void => {
    shown = true
    const seconds = ((nowMs() - startMs) / 1000).toFixed(talk.isTerminal ? 1 : 0)
    talk.err(talk.isTerminal ? `\r\u001B[K${label} ${seconds} s` : `${label} ${seconds} s\n`)
  }
  let repeating: NodeJS.Timeout | undefined
  const timer = setTimeout(() => {
    tell()
    repeating = setInterval(tell, talk.isTerminal ? everyMs.terminal : everyMs.lines)
  }, afterMs)
  return () => {
    clearTimeout(timer)
    clearInterval(repeating)
    if (shown && talk.isTerminal) talk.err('\r\u001B[K')
  }
}
