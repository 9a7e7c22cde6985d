#!/usr/bin/env node
import '../guard.ts'
import { randomUUID } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { runCli } from './program.ts'

/** First SIGINT or SIGTERM: end in order; the second: at once. */
const untilInterrupted = async (): Promise<void> =>
  new Promise<void>((resolve) => {
    let times = 0
    const end = (): void => {
      times += 1
      if (times > 1) process.exit(130)
      resolve()
    }
    process.on('SIGTERM', end)
    process.on('SIGINT', end)
  })

// Whoever reads may stop reading: `sluice log tail | head`.
process.stdout.on('error', () => process.exit(0))

process.exitCode = await runCli(process.argv.slice(2), {
  environment: process.env,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  stdin: async () => text(process.stdin),
  isTerminal: process.stderr.isTTY,
  nowMs: () => Date.now(),
  id: randomUUID,
  fetch,
  untilInterrupted,
})
