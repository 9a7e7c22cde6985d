import { games, openGames, play } from '../games/games.ts'
import type { Score } from '../games/table.ts'
import type { Family } from './row.ts'

export const budget: Family = async (size) => {
  const inside = await openGames()
  const scores: { readonly with: Score; readonly without: Score }[] = []
  for (const game of games) scores.push(await play(inside, game, size === 'small' ? 1 : 6))
  inside.close()
  const sum = (way: 'with' | 'without', count: keyof Score): number =>
    scores.reduce((all, score) => all + score[way][count], 0)
  return {
    family: 'budget games',
    what: `${games.length} games for more than a ledger holds, by amounts, moments and new names; runs whose noise was not paid for`,
    attempts: sum('with', 'moves'),
    refused: sum('with', 'refused'),
    released: sum('with', 'released'),
    inferred: { right: sum('with', 'won'), of: sum('with', 'moves') },
    baseline: 0,
    bound: 0,
    boundBy: 'no run is unpaid',
    guardRemoved: { right: sum('without', 'won'), of: sum('without', 'moves') },
    guard:
      'each game without one guard of a charge: paid after the run, read before, given back, another name',
  }
}
