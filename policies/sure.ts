/**
 * What an earlier check made certain is there. Throws where it is not: nothing is guessed in its place, since what is
 * decided on a guess would not be refused. `what` names it and holds no value.
 */
export const sure = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw new Error(`missing: ${what}`)
  return value
}
