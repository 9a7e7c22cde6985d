/**
 * Runs what it is given one after another, in the order of the calls; what fails is told to its own caller alone. A
 * connection of the engine has one result at a time: a statement that starts while another's rows are still being taken
 * ends those without an error, and the earlier answer has no rows.
 */
export const takeTurns = (): (<T>(work: () => Promise<T>) => Promise<T>) => {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const done = last.then(work)
    last = done.catch(() => undefined)
    return done
  }
}
