import { residentIdCheck } from '../../connectors/standards/resident-id.ts'
import { organisationCheck, usccCheck } from '../../connectors/standards/uscc.ts'

/** The unified social credit code of a made-up enterprise: right in both check characters. */
export const usccOf = (number: number): string => {
  const eight = `MA${String(number).padStart(6, '0')}`
  const seventeen = `91350100${eight}${organisationCheck(eight)}`
  return `${seventeen}${usccCheck(seventeen)}`
}

/** The identity number of a made-up person. */
export const residentIdOf = (number: number): string => {
  const seventeen = `11010519491231${String(number).padStart(3, '0')}`
  return `${seventeen}${residentIdCheck(seventeen)}`
}
