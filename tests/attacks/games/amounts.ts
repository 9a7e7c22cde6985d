import { toNano } from '../../../policies/privacy/amount.ts'
import { past, under, type Game } from './moves.ts'
import { agreementText, limitNano } from './table.ts'

const asking = (rhos: readonly unknown[]) =>
  under(limitNano, (table, agreement, at) =>
    table.ask({ agreement, rho: rhos[at % rhos.length] as never }),
  )

export const amounts: readonly Game[] = [
  {
    title: 'no rho',
    play: asking([0]),
    guard: 'who asks for nothing is charged nothing, and answered by a run',
    without: past({ costs: () => [] }, { rho: 0 }),
  },
  {
    title: 'a tiny rho',
    play: asking([1e-9, 1e-6, 0.000_099_999]),
    guard: 'a question has no least rho',
    without: past({ isAnyRho: true }, { rho: 1e-9 }),
  },
  {
    title: 'a rho that is none',
    play: async (table) => {
      const { call, keys } = table.inside
      for (const rho of ['.nan', '.inf', '-1', '"0.01"', 'a quarter']) {
        const text = agreementText('game-none', rho)
        table.note(
          (await call(keys.operator, 'agreement/sign', { text })).ok ? 'signed' : 'refused',
        )
      }
      await asking([-0.01, Number.NaN, Infinity, 1e-300, 1e-10, '0.01', 1.5e-9, 0.010_000_000_5])(
        table,
      )
    },
    guard: 'limits are read as doubles, and one is none',
    without: past({
      limits: () => () => ({
        rhoNano: Number.parseFloat('a quarter') * 1e9,
        deltaFemto: Number.parseFloat('a millionth') * 1e15,
      }),
    }),
  },
  {
    title: 'too much rho',
    play: asking([0.050_000_001, 0.25, 10]),
    guard: 'a question has no most rho',
    without: past({ isAnyRho: true }, { rho: 0.25 }, toNano(1)),
  },
]
