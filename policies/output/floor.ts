import { verdict, type Verdict } from './verdict.ts'

/**
 * At least `floor` distinct entities of a kind with a value that is not NULL behind a figure. Entities, never rows: forty
 * rows of two entities are two, and nine values among fourteen rows are nine (I7).
 */
export const checkFloor = (kind: string, entities: bigint, floor: number): Verdict =>
  verdict(
    'floor',
    entities >= BigInt(floor) ? 'pass' : 'fail',
    `${kind} ${entities}`,
    String(floor),
  )
