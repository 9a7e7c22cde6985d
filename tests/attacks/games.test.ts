import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Inside } from '../support/inside.ts'
import { games, openGames, play, withEveryGuard } from './games/games.ts'
import { refundLast } from './games/refund.ts'
import { openTable } from './games/table.ts'

/*
 * Games for more than a ledger holds. What is won is counted where runs are made, from their noise alone: it is nothing
 * on the keeper's way, and more than may be spent where one guard of a charge is out.
 */
let inside: Inside
beforeAll(async () => {
  inside = await openGames()
})
afterAll(() => inside.close())

describe('it is the guards that win: the steps of the games', () => {
  test.each(Object.entries(withEveryGuard))('%s with every guard win nothing', async (_, move) => {
    const table = openTable(inside, 1)
    await move(table)
    expect(table.score()).toMatchObject({ moves: 4, refused: 2, won: 0 })
  })

  test('give nothing back where the trigger of the table stands', async () => {
    const table = openTable(inside, 1)
    const agreement = await table.sign()
    await table.conduct({ agreement }, {})
    expect(() => refundLast(inside.domain, agreement)).toThrow('what is spent stays spent')
  })
})

describe('nothing is won, and without its guard something is, by', () => {
  test.each(games)('$title: $guard', async (game) => {
    const score = await play(inside, game, 1)
    expect(score.with).toMatchObject({ won: 0 })
    expect(score.without.won).toBeGreaterThan(0)
    expect(inside.reported).toEqual([])
  })
})
