import { typeOf, type Comparison, type Expr } from './expression.ts'
import { BOOLEAN, sameType, type DataType } from './type.ts'

/** Short words for building expressions; each returns a plain value of the contract in `expression.ts`. */
export const literal = (value: string | null, type: DataType): Expr => ({
  op: 'literal',
  value,
  type,
})
export const nullOf = (type: DataType): Expr => literal(null, type)
export const truth = (value: boolean): Expr => literal(String(value), BOOLEAN)
export const call = (name: string, args: readonly Expr[], type: DataType): Expr => ({
  op: 'call',
  name,
  args,
  type,
})

/** The value in another type, NULL where it has none; the expression itself where nothing changes. */
export const cast = (input: Expr, type: DataType): Expr =>
  sameType(typeOf(input), type) ? input : { op: 'tryCast', input, type }

export const compare = (kind: Comparison, left: Expr, right: Expr): Expr => ({
  op: 'compare',
  kind,
  left,
  right,
})

/** All of them hold. One stands for itself, none is true; nested conjunctions are opened. */
export const allOf = (args: readonly Expr[]): Expr => {
  const flat = args.flatMap((arg) => (arg.op === 'and' ? arg.args : [arg]))
  const [first] = flat
  if (first === undefined) return truth(true)
  return flat.length === 1 ? first : { op: 'and', args: flat }
}

/** `value` where the condition holds, otherwise NULL. */
export const onlyWhen = (when: Expr, value: Expr): Expr => ({
  op: 'case',
  whens: [{ when, value }],
  otherwise: nullOf(typeOf(value)),
  type: typeOf(value),
})

/** The value where it lies between two literals of its type, otherwise NULL. */
export const within = (value: Expr, low: string, high: string): Expr =>
  onlyWhen(
    allOf([
      compare('>=', value, literal(low, typeOf(value))),
      compare('<=', value, literal(high, typeOf(value))),
    ]),
    value,
  )
