import { spawn, type ChildProcess } from 'node:child_process'
import { resolve } from 'node:path'
import { eventually } from './crash.ts'

/** The server as an operator starts it, with its keeper, and where it listens. `options` are the runtime's, for both. */
export const startServer = async (
  home: string,
  options = '',
): Promise<{ server: ChildProcess; url: string }> => {
  const server = spawn(
    process.execPath,
    [resolve('dist/api/cli/main.js'), 'serve', '--home', home, '--port', '0'],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: process.env['PATH'], LANG: 'C.UTF-8', NODE_OPTIONS: options },
    },
  )
  let said = ''
  server.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text))
  const url = await eventually(() => /http:\/\/\S+/.exec(said)?.[0])
  return { server, url }
}

/** Asks it to end, and waits until it has; nothing where it has ended. */
export const stopServer = async (server: ChildProcess): Promise<void> => {
  if (server.exitCode !== null || server.signalCode !== null) return
  const ended = new Promise((settle) => server.once('exit', settle))
  server.kill('SIGINT')
  await ended
}
