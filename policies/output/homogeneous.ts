import { verdict, type Verdict } from './verdict.ts'

/**
 * A sensitive dimension must not be the same for everybody in a group: whoever knows that somebody is in it would know the
 * value. `cell`: entities in this cell; `group`: entities in all cells that differ from it in sensitive keys alone.
 */
export const checkHomogeneous = (cell: bigint, group: bigint): Verdict =>
  verdict('homogeneous', cell > 0n && cell >= group ? 'fail' : 'pass', `${cell} / ${group}`)
