/**
 * Amounts of the privacy ledger are whole numbers, so that adding and comparing them is exact: rho in units of 1e-9
 * (`rhoNano`) and delta in units of 1e-15 (`deltaFemto`). People write and read decimals.
 */
const nanoDigits = 9
const femtoDigits = 15

/**
 * The whole number of 1e-9 that `rho` is. Throws RangeError for what is negative, not finite, not a whole multiple, or
 * too large to be kept exactly.
 */
export const toNano = (rho: number): number => wholeOf(rho, nanoDigits, 'rho')

/** The whole number of 1e-15 that `delta` is; delta is a probability, so at most 1. Throws RangeError like `toNano`. */
export const toFemto = (delta: number): number => {
  if (delta > 1) throw new RangeError('delta is a probability')
  return wholeOf(delta, femtoDigits, 'delta')
}

/** The double nearest to rhoNano * 1e-9: both operands are exact, so one division rounds once. */
export const fromNano = (rhoNano: number): number =>
  assertWhole(rhoNano, 'rhoNano') / 10 ** nanoDigits

/** The double nearest to deltaFemto * 1e-15. */
export const fromFemto = (deltaFemto: number): number =>
  assertWhole(deltaFemto, 'deltaFemto') / 10 ** femtoDigits

/** Exact decimal text: 5000000 is `0.005`. */
export const nanoText = (rhoNano: number): string =>
  decimalText(assertWhole(rhoNano, 'rhoNano'), nanoDigits)

/** Exact decimal text: 1000000 is `0.000000001`. */
export const femtoText = (deltaFemto: number): string =>
  decimalText(assertWhole(deltaFemto, 'deltaFemto'), femtoDigits)

/** Throws RangeError unless `amount` is a whole number from 0 to 2^53 - 1. */
export const assertWhole = (amount: number, name: string): number => {
  if (!Number.isSafeInteger(amount) || amount < 0)
    throw new RangeError(`${name} must be a whole number that is not negative`)
  return amount
}

/**
 * A decimal literal with these digits is the double nearest to whole / 10^digits; two roundings more are let pass, so
 * that 0.1 + 0.2 is 300000000 of 1e-9 while 1.5e-9 is refused.
 */
const wholeOf = (value: number, digits: number, name: string): number => {
  const scale = 10 ** digits
  const whole = assertWhole(Math.round(value * scale), name)
  if (Math.abs(value - whole / scale) > value * 4 * Number.EPSILON)
    throw new RangeError(`${name} must be a whole multiple of 1e-${digits}`)
  return whole === 0 ? 0 : whole
}

const decimalText = (whole: number, digits: number): string => {
  const text = String(whole).padStart(digits + 1, '0')
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`.replace(/\.?0+$/, '')
}
