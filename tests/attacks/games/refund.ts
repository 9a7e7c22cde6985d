import { accepted } from '../../../policies/outcome.ts'
import { systemActor, type Domain } from '../../../sandbox/domain.ts'
import { chargeOf, linesOf } from '../../../sandbox/state/ledger.ts'
import { submissionsUnder } from '../../../sandbox/state/submissions.ts'

/** Gives the charge of an agreement's last question back, as no step of the keeper's does. */
export const refundLast = ({ state }: Domain, agreement: string): void => {
  const id = submissionsUnder(state.reader, [agreement], 1)[0]?.id ?? ''
  const entry = state.reader.get(
    "SELECT body FROM entries WHERE subject_id = ? AND event = 'ledger/charged'",
    id,
  )
  const { detail } = JSON.parse(String(entry?.['body'])) as { detail: unknown }
  state.commit((tx) => {
    for (const { scope, name, kind, rhoNano } of linesOf(chargeOf(detail)))
      tx.run(
        'UPDATE spent SET rho_nano = rho_nano - ? WHERE scope = ? AND name = ? AND kind = ?',
        rhoNano,
        scope,
        name,
        kind,
      )
    return accepted(
      tx.log({
        actor: systemActor,
        event: 'submission/withdrawn',
        subject: { type: 'submission', id },
        detail: {},
      }),
    )
  })
}

/** Takes the trigger away by which what is spent never gets less, and puts it back. */
export const whileItFalls = async ({ state }: Domain, work: () => Promise<void>): Promise<void> => {
  const trigger = state.reader.get("SELECT sql FROM sqlite_schema WHERE name = 'spent_grows'")
  const change = (sql: string): void => {
    const subject = { type: 'log', id: 'spent_grows' }
    state.commit((tx) => {
      tx.run(sql)
      return accepted(tx.log({ actor: systemActor, event: 'log/checked', subject, detail: {} }))
    })
  }
  change('DROP TRIGGER spent_grows')
  await work()
  change(String(trigger?.['sql']))
}
