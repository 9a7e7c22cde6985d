import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serve } from '../../../api/main.ts'
import type { Served } from '../../../api/server.ts'
import { keyOf, samples } from '../../support/door.ts'

const run = promisify(execFile)
let served: Served

beforeAll(async () => {
  const keeperPath = resolve('dist/tests/support/keeper-process.js')
  const outcome = await serve({
    home: 'lively',
    host: '127.0.0.1',
    port: 0,
    tell: () => undefined,
    keeperPath,
  })
  if (!outcome.ok) throw new Error('it should serve')
  served = outcome.value
})
afterAll(async () => served.stop())

const sluice = async (
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<{ exit: number; out: string; err: string }> => {
  const env = {
    PATH: process.env['PATH'],
    HOME: '/nonexistent',
    SLUICE_URL: served.url,
    ...environment,
  }
  try {
    const { stdout, stderr } = await run(process.execPath, ['dist/api/cli/main.js', ...args], {
      env,
    })
    return { exit: 0, out: stdout, err: stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { exit: code, out: stdout, err: stderr }
  }
}

test('the command asks a served home and keeps data and talk apart', async () => {
  const ran = await sluice(['account', 'show', '--json'], { SLUICE_KEY: keyOf('analyst') })
  expect(ran.exit).toBe(0)
  expect(JSON.parse(ran.out)).toEqual(samples['account/show'])
})

test('a refusal leaves through the exit code, in the language of the environment', async () => {
  const ran = await sluice(['account', 'show'], { LANG: 'zh_CN.UTF-8' })
  expect(ran).toMatchObject({ exit: 6, out: '' })
  expect(ran.err).toMatch(/^access\/unauthenticated: 未提供有效密钥/)
})
