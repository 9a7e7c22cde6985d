import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import * as z from 'zod'
import { floods } from './floods.ts'

/** What a reader may take: half of what a checker may, and what a file of these may hold. */
export const bounds = { cpuMs: 1000, grownMb: 64 }
/** Where a child ends that takes more: seconds of the processor, and kilobytes of address space. */
const limits = { seconds: 4, spaceKb: 4 * 2 ** 20, heapMb: 512 }

const toldSchema = z.strictObject({
  /** Codes of refusals, or `accepted`; of a plain reader the name of what it threw, or of what it made. */
  outcome: z.string(),
  cpuMs: z.number(),
  grownMb: z.number(),
})
/** `died`: it was ended by its limits. */
export type Told = z.infer<typeof toldSchema> | { readonly outcome: 'died' }

/** Whether a reader took more than it may. */
export const isPast = (told: Told): boolean =>
  !('cpuMs' in told) || told.cpuMs > bounds.cpuMs || told.grownMb > bounds.grownMb

/** Has a flood read in a process of its own: by the product's readers, or by plain ones. */
export const readIn = async (name: string, way: 'ours' | 'plain'): Promise<Told> => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-flood-'))
  const path = join(folder, 'input')
  writeFileSync(path, floods[name]!.make())
  const { seconds, spaceKb, heapMb } = limits
  const child = spawn(
    '/bin/sh',
    [
      '-c',
      `ulimit -v ${spaceKb}; ulimit -t ${seconds}; ulimit -c 0; exec "$0" "$@"`,
      process.execPath,
      `--max-old-space-size=${heapMb}`,
      resolve('dist/tests/attacks/floods/reader-process.js'),
      name,
      way,
      path,
    ],
    { stdio: ['ignore', 'pipe', 'ignore'], env: {} },
  )
  const said: Buffer[] = []
  child.stdout.on('data', (part: Buffer) => said.push(part))
  await new Promise((settle) => child.once('close', settle))
  rmSync(folder, { recursive: true })
  const text = Buffer.concat(said).toString()
  return text === '' ? { outcome: 'died' } : toldSchema.parse(JSON.parse(text))
}
