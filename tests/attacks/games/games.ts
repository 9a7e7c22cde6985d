import { openInside, type Inside } from '../../support/inside.ts'
import { amounts } from './amounts.ts'
import { moments, together } from './moments.ts'
import { past, type Game } from './moves.ts'
import { names } from './names.ts'
import { openTable, publishWith, type Score, type Table } from './table.ts'

export const games: readonly Game[] = [...amounts, ...moments, ...names]

/** The ways of the games without anything that is otherwise. */
export const withEveryGuard: Readonly<Record<string, (table: Table) => Promise<void>>> = {
  'one after the other': past({}),
  'at once': together({}),
  'before a keeper that ends': past({ isKilled: true }),
}

/** A domain that may spend much, in which games are played one after the other. */
export const openGames = async (): Promise<Inside> => {
  const inside = await openInside()
  await publishWith(inside, 10_000_000_000)
  return inside
}

/** As a game ends, and as it ends without its guard. */
export const play = async (
  inside: Inside,
  game: Game,
  rounds: number,
): Promise<{ readonly with: Score; readonly without: Score }> => {
  const played = async (way: (table: Table) => Promise<void>): Promise<Score> => {
    const table = openTable(inside, rounds)
    await way(table)
    return table.score()
  }
  return { with: await played(game.play), without: await played(game.without) }
}
