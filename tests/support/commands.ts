import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

/** The commands of a page's blocks, each by the name of the `<!-- test: name -->` before it. */
export const blocksOf = (page: string): ((name: string) => string) => {
  const text = readFileSync(page, 'utf8')
  return (name) => {
    const found = new RegExp(`<!-- test: ${name} -->\\s+\`\`\`sh\\n([^]*?)\`\`\``).exec(text)?.[1]
    if (found === undefined) throw new Error(`${page} has no block \`${name}\``)
    return found
  }
}

/** The pages' shorthand for the command without npm, which takes as long to start as the command itself. */
export const withoutNpm = (commands: string): string =>
  commands.replaceAll('npm run --silent sluice --', 'node dist/api/cli/main.js')

/** Runs commands as a reader would, in bash; ends at the first that fails. */
export const runCommands = async (
  commands: string,
  environment: Record<string, string> = {},
): Promise<string> =>
  new Promise((resolve, reject) => {
    const env = { PATH: process.env['PATH'], HOME: '/nonexistent', LANG: 'C', ...environment }
    execFile('bash', ['--norc', '-euo', 'pipefail', '-c', commands], { env }, (error, out, err) =>
      error === null ? resolve(out) : reject(new Error(`${error.message}\n${out}\n${err}`)),
    )
  })

/** Starts a command that stays, and answers the address it says it is ready at. */
export const start = async (
  command: string,
  environment: Record<string, string>,
): Promise<{ url: string; stop: () => Promise<unknown> }> => {
  const env = { PATH: process.env['PATH'], ...environment }
  const child = spawn('bash', ['--norc', '-c', `exec ${command}`], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = once(child, 'exit')
  const stop = async (): Promise<unknown> => {
    child.kill('SIGTERM')
    return ended
  }
  for await (const line of createInterface({ input: child.stderr })) {
    const url = /^ready (\S+)$/.exec(line)?.[1]
    if (url !== undefined) return { url, stop }
  }
  throw new Error('it ended before it was ready')
}
