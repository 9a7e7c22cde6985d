import * as z from 'zod'
import type { Action } from '../../policies/roles.ts'
import { systemWorld } from '../../sandbox/world.ts'
import { openAlone } from './alone.ts'
import type { Keys } from './domain.ts'

/**
 * A keeper that ends itself with SIGKILL when it draws a key or a salt for the nth time since it was asked: `HOME N KEY ACTION
 * INPUT`. These are the moments right before a key is made, a file is tried, or something is committed; nonces, which are
 * shorter, are drawn between. It writes how many there were where it lives to answer.
 */
const [home = '', times = '', key = '', action = '', input = ''] = process.argv.slice(2)
const nonceBytes = 12
const drawn = { count: 0, isCounting: false }
const { call } = openAlone(home, {} as Keys, {
  ...systemWorld,
  randomBytes: (length) => {
    if (drawn.isCounting && length > nonceBytes && (drawn.count += 1) === Number(times))
      process.kill(process.pid, 'SIGKILL')
    return systemWorld.randomBytes(length)
  },
})
drawn.isCounting = true
const fields = z.record(z.string(), z.unknown()).parse(JSON.parse(input))
const { ok } = await call(key, action as Action, fields as never)
process.stdout.write(JSON.stringify({ draws: drawn.count, ok }))
process.exit(0)
