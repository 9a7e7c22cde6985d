import type { Plan } from '../../../policies/query/plan.ts'
import type { Pool } from '../../../sandbox/run/pool.ts'
import { runnerRequestSchema } from '../../../sandbox/run/runner-protocol.ts'

/** Exactly what the noise of a plan costs a kind, in 1e-9 of rho, as a fraction. */
export const priceOf = (plan: Plan, kind: string): { over: bigint; under: bigint } => {
  let [over, under] = [0n, 1n]
  for (const stage of plan.stages)
    for (const { sensitivity, sigma2 } of stage.kind === 'noise' ? stage.mechanisms : []) {
      const squared = sensitivity.find((one) => one.kind === kind)?.squared ?? '0'
      const [top, bottom] = [
        BigInt(squared) * BigInt(sigma2.denominator) * 1_000_000_000n,
        2n * BigInt(sigma2.numerator),
      ]
      ;[over, under] = [over * bottom + top * under, under * bottom]
    }
  return { over, under }
}

/** In 1e-9 of rho, rounded down, of the kind for which it hides least. */
const priceNano = (plan: Plan): number =>
  Math.max(
    ...plan.cost.map(({ kind }) => {
      const { over, under } = priceOf(plan, kind)
      return Number((1000n * over) / under) / 1000
    }),
  )

/** Runners that note, from the noise alone and whatever was charged, what every run gives away. */
export const metered = (runners: Pick<Pool, 'ask'>, prices: number[]): Pool => {
  const none = (): number => 0
  return {
    ask: (message, timeoutMs) => {
      prices.push(priceNano(runnerRequestSchema.parse(message).plan))
      return runners.ask(message, timeoutMs)
    },
    waiting: none,
    running: none,
    close: () => undefined,
  }
}
