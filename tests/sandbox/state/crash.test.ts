import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { spentOn } from '../../../sandbox/state/ledger.ts'
import { checkLog, openingOf, openTest, temporaryFolder } from '../../support/state.ts'

/**
 * Lets a process commit until it has acknowledged this many, kills it without warning while it goes on, and answers the
 * longest log it acknowledged.
 */
const commitAndKill = async (
  folder: string,
  acknowledgements: number,
  whileOpen: () => void = () => {},
): Promise<number> => {
  const child = spawn(process.execPath, ['dist/tests/support/commit-forever.js', folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  const exited = once(child, 'exit')
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    text += String(chunk)
    const lines = text.split('\n').length - 1
    if (lines > acknowledgements && !child.killed) {
      whileOpen()
      child.kill('SIGKILL')
    }
  }
  await exited
  // Half a line may stand at the end; what stands before it was acknowledged.
  return Number(text.slice(0, text.lastIndexOf('\n')).split('\n').at(-1))
}

describe('a process killed while it commits', () => {
  test('has lost nothing it acknowledged, and what it left is whole', async () => {
    const folder = temporaryFolder()
    let before = 0
    for (const acknowledgements of [1, 2, 7, 30, 111]) {
      const acknowledged = await commitAndKill(folder, acknowledgements)
      expect(acknowledged).toBeGreaterThan(before)
      const state = openTest(folder)
      const size = checkLog(state)
      // The commit under way may have reached the disk without its acknowledgement.
      expect([acknowledged, acknowledged + 1]).toContain(size)
      // Each entry is a charge of one unit: state and log went to the disk together.
      const line = { scope: 'domain', name: 'domain', kind: 'enterprise' } as const
      expect(spentOn(state.reader, line).rhoNano).toBe(size)
      state.close()
      before = size
    }
    rmSync(folder, { recursive: true })
  })

  test('on a disk that loses what it said it had written is noticed', async () => {
    const folder = temporaryFolder()
    await commitAndKill(folder, 40)
    const path = join(folder, 'state.db-wal')
    truncateSync(path, Math.floor(statSync(path).size / 2))
    expect(openingOf(folder)).toBe('state/rolled-back')
    rmSync(folder, { recursive: true })
  })

  test('is waited for by the next one, if it may take a while to end', async () => {
    const folder = temporaryFolder()
    const child = spawn(process.execPath, ['dist/tests/support/commit-forever.js', folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    expect(openingOf(folder)).toBe('state/in-use')
    // Waiting holds up this process, so another one ends the first.
    spawn('/bin/sh', ['-c', `sleep 0.2; kill -9 ${child.pid}`])
    expect(openingOf(folder, { waitMs: 10_000 })).toBe('opened')
    rmSync(folder, { recursive: true })
  })

  test('held the state alone until then', async () => {
    const folder = temporaryFolder()
    const seen: string[] = []
    await commitAndKill(folder, 3, () => seen.push(openingOf(folder)))
    expect(seen).toEqual(['state/in-use'])
    expect(openingOf(folder)).toBe('opened')
    rmSync(folder, { recursive: true })
  })
})
