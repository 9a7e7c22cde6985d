import { verdict, type Verdict } from './verdict.ts'

/**
 * At least `floor` distinct entities of a kind with a value that is not NULL behind a figure. Entities, never rows: forty
 * rows of two entities are two, and nine values among fourteen rows are nine (I7). A number that is not exact is a lower bound,
 * and the evidence says so.
 */
export const checkFloor = (
  { kind, floor }: { readonly kind: string; readonly floor: number },
  entities: bigint,
  exact: boolean,
): Verdict =>
  verdict(
    'floor',
    entities >= BigInt(floor) ? 'pass' : 'fail',
    `${kind} ${exact ? '' : 'at least '}${entities}`,
    String(floor),
  )
