import { floods as all } from '../floods/floods.ts'
import { bounds, isPast, readIn, type Told } from '../floods/measure.ts'
import type { Family } from './row.ts'

export const floods: Family = async () => {
  const [ours, plain]: [Told[], Told[]] = [[], []]
  for (const name of Object.keys(all)) {
    ours.push(await readIn(name, 'ours'))
    plain.push(await readIn(name, 'plain'))
  }
  const refused = ours.filter(({ outcome }) => outcome.includes('/')).length
  const most = (key: 'cpuMs' | 'grownMb'): number =>
    Math.max(...ours.map((told) => ('cpuMs' in told ? told[key] : Infinity)))
  return {
    family: 'parser floods',
    what: `texts, documents, bodies, CSV, JSON lines and workbooks that swell; read in more than ${bounds.cpuMs / 1000} s of the processor or ${bounds.grownMb} MB (at most ${(most('cpuMs') / 1000).toFixed(1)} s and ${most('grownMb')} MB were taken)`,
    attempts: ours.length,
    refused,
    released: ours.length - refused,
    inferred: { right: ours.filter(isPast).length, of: ours.length },
    baseline: 0,
    bound: 0,
    boundBy: 'bounds of each reader',
    guardRemoved: { right: plain.filter(isPast).length, of: plain.length },
    guard: `the same engine and libraries without a bound; ${plain.filter(({ outcome }) => outcome === 'died').length} of them end their process`,
  }
}
