import { isNumeric, type DataType } from '../type.ts'

/** Whether values of one type can be values of another at all; which of them are is decided value by value. */
export const canCast = (from: DataType, to: DataType): boolean => {
  if (from.id === 'NULL' || from.id === to.id) return to.id !== 'NULL'
  if (to.id === 'NULL' || from.id === 'INTERVAL') return false
  if (from.id === 'VARCHAR') return true
  if (to.id === 'VARCHAR') return true
  if (to.id === 'INTERVAL') return false
  if (isMoment(from) || isMoment(to)) return isMoment(from) && isMoment(to)
  return isNumber(from) && isNumber(to)
}

const isMoment = (type: DataType): boolean => type.id === 'DATE' || type.id === 'TIMESTAMP'
const isNumber = (type: DataType): boolean => isNumeric(type) || type.id === 'BOOLEAN'
