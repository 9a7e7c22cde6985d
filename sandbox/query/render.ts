import type { Comparison, Expr } from '../../policies/relation/expression.ts'
import { typeSql, type DataType } from '../../policies/relation/type.ts'

/** A name as SQL text: in double quotes, quotes within doubled. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`

/** A text as SQL text: in single quotes, quotes within doubled. The engine's texts know no other escape. */
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`

const infix = new Set(['+', '-', '*', '/', '//', '%', '||', '~~', '!~~', '~~*', '!~~*'])

const comparisons: Record<Comparison, string> = {
  '=': '=',
  '<>': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  distinct: 'IS DISTINCT FROM',
  notDistinct: 'IS NOT DISTINCT FROM',
}

/** Literals are typed casts of quoted texts, so the engine's rules for literals cannot change how a text binds. */
const renderLiteral = (value: string | null, type: DataType): string => {
  if (type.id === 'NULL') return 'NULL'
  return `CAST(${value === null ? 'NULL' : quoteText(value)} AS ${typeSql(type)})`
}

/** Operators stand between their arguments; COALESCE is a word of the language, other names are quoted. */
const renderCall = (name: string, args: readonly string[]): string => {
  const [left, right] = args
  if (infix.has(name) && left !== undefined)
    return right === undefined ? `(${name} ${left})` : `(${left} ${name} ${right})`
  return `${name === 'coalesce' ? 'COALESCE' : quoteName(name)}(${args.join(', ')})`
}

/** One expression as SQL, node for node: calls name the engine's functions. `columnName` gives a column's SQL. */
export const render = (expr: Expr, columnName: (index: number) => string): string => {
  const inner = (part: Expr): string => render(part, columnName)
  switch (expr.op) {
    case 'column':
      return columnName(expr.index)
    case 'literal':
      return renderLiteral(expr.value, expr.type)
    case 'call':
      return renderCall(expr.name, expr.args.map(inner))
    case 'case': {
      const whens = expr.whens.map(({ when, value }) => `WHEN ${inner(when)} THEN ${inner(value)}`)
      return `CASE ${whens.join(' ')} ELSE ${inner(expr.otherwise)} END`
    }
    case 'tryCast':
      return `TRY_CAST(${inner(expr.input)} AS ${typeSql(expr.type)})`
    case 'in':
      return `(${inner(expr.input)} ${expr.negated ? 'NOT ' : ''}IN (${expr.list.map(inner).join(', ')}))`
    case 'isNull':
      return `(${inner(expr.input)} IS ${expr.negated ? 'NOT ' : ''}NULL)`
    case 'not':
      return `(NOT ${inner(expr.input)})`
    case 'and':
    case 'or':
      return `(${expr.args.map(inner).join(expr.op === 'and' ? ' AND ' : ' OR ')})`
    case 'compare':
      return `(${inner(expr.left)} ${comparisons[expr.kind]} ${inner(expr.right)})`
  }
}
