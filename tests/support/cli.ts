import { runCli } from '../../api/cli/program.ts'
import type { Role } from '../../policies/roles.ts'
import { testApp } from './app.ts'
import { fakeDoor, keyOf } from './door.ts'

export type Ran = { readonly exit: number; readonly out: string; readonly err: string }

/** A `sluice` whose server is the app in this process, with a key of the role; no files of the user's are looked at. */
export const cliAs =
  (role: Role, door = fakeDoor(), environment: Record<string, string> = {}) =>
  async (...args: readonly string[]): Promise<Ran> => {
    const { app } = testApp({ door })
    let out = ''
    let err = ''
    const exit = await runCli(args, {
      environment: { HOME: '/nonexistent', SLUICE_KEY: keyOf(role), ...environment },
      out: (text) => (out += text),
      err: (text) => (err += text),
      stdin: async () => 'select 1 from stdin',
      isTerminal: false,
      nowMs: () => 0,
      id: () => '5f0c6d6e-7a3c-4f0a-9d58-000000000001',
      fetch: async (input, init) => app.request(new Request(input, init)),
      untilInterrupted: async () => undefined,
    })
    return { exit, out, err }
  }
