import { describe, expect, test } from 'vitest'
import { floods } from './floods/floods.ts'
import { isPast, readIn } from './floods/measure.ts'

/*
 * Inputs that swell while they are read. Each reader refuses them within a second of the processor and 64 MB; read
 * without a bound they take more, or end their process.
 */
const prove = process.env['SLUICE_PROVE'] !== undefined

describe('is refused soon and in little memory', { timeout: 120_000 }, () => {
  test.each(Object.keys(floods))('%s', async (name) => {
    const told = await readIn(name, 'ours')
    expect(told.outcome).toMatch(/^(?:query|source|submission)\//)
    expect(isPast(told), JSON.stringify(told)).toBe(false)
  })
})

/** All of them in the long run, the first of each reader otherwise. */
const without = Object.entries(floods).flatMap(([name, { reader }], at, all) =>
  prove || all.findIndex(([, other]) => other.reader === reader) === at ? [name] : [],
)
describe('read without a bound takes more', { timeout: 120_000 }, () => {
  test.each(without)('%s', async (name) => {
    const told = await readIn(name, 'plain')
    expect(isPast(told), JSON.stringify(told)).toBe(true)
  })
})
