import type { Child } from './child.ts'
import { openPool, type Reply } from './pool.ts'

/** Asks a child that serves this question alone. Answers when the child is gone: nothing it writes comes later. */
export const askOnce = async (
  start: () => Child,
  { message, timeoutMs }: { readonly message: object; readonly timeoutMs: number },
  onProgress?: (message: unknown) => boolean,
): Promise<Reply> => {
  const children: Child[] = []
  const pool = openPool({
    start: () => {
      const child = start()
      children.push(child)
      return child
    },
    size: 1,
    usesMax: 1,
    waitingMax: 1,
  })
  const reply = await pool.ask(message, timeoutMs, onProgress)
  pool.close()
  await Promise.all(children.map(({ exited }) => exited))
  return reply
}
