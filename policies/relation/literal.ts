import type { DataType } from './type.ts'

const whole = /^(?:0|-?[1-9]\d*)$/
const patterns: Partial<Record<DataType['id'], RegExp>> = {
  BOOLEAN: /^(?:true|false)$/,
  TINYINT: whole,
  SMALLINT: whole,
  INTEGER: whole,
  BIGINT: whole,
  HUGEINT: whole,
  DATE: /^\d{4}-\d\d-\d\d$/,
  TIMESTAMP: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{0,5}[1-9])?$/,
}

/**
 * Whether a literal's text is the only one of its value, so that different texts are different values. Doubles that are
 * no number have several (`nan` and `-nan` are equal to the engine), and so has zero.
 */
export const isOneOfAKind = (text: string, type: DataType): boolean => {
  if (type.id === 'VARCHAR') return true
  if (type.id === 'DOUBLE') return Number.isFinite(Number(text)) && text === String(Number(text))
  if (type.id !== 'DECIMAL') return patterns[type.id]?.test(text) ?? false
  const digits = type.scale === 0 ? '' : `\\.\\d{${type.scale}}`
  return new RegExp(`^-?(?:0|[1-9]\\d*)${digits}$`).test(text) && !/^-[0.]*$/.test(text)
}
