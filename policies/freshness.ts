import { cycles, type Cycle } from './quality.ts'

const dayMs = 86_400_000

/**
 * When a dataset is overdue: two cycles after the newest date of its last version, which was `ageDays` old when the version
 * was published. A date may name a period that lasted one cycle, and the next is under way.
 */
export const dueMsOf = (
  cycle: Cycle,
  { publishedMs, ageDays }: { readonly publishedMs: number; readonly ageDays: number },
): number => publishedMs + (2 * cycles[cycle] - ageDays) * dayMs
