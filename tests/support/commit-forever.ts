/** A process that charges and commits until it is killed. After each commit it writes how long the log is now. */
import { writeSync } from 'node:fs'
import { reserve } from '../../sandbox/state/ledger.ts'
import { charge, limits, operator } from './flow.ts'
import { openTest } from './state.ts'

const state = openTest(process.argv[2] ?? '')
writeSync(1, 'open\n')
for (;;) {
  const outcome = state.commit((tx) =>
    reserve(tx, charge(1), limits(Number.MAX_SAFE_INTEGER), {
      actor: operator,
      subject: { type: 'submission', id: 'one' },
      detail: {},
    }),
  )
  if (!outcome.ok) throw new Error('not written')
  writeSync(1, `${state.last().end.edge.size}\n`)
}
