import {
  absent,
  expression,
  gateShape,
  ignored,
  oneOf,
  report,
  statement,
  table,
  type Gate,
  type Shape,
} from './gate-rule.ts'
import { isObject, type Json, wordOf, own } from './json.ts'

const qualified = absent('query/qualified-name')

const shared: Shape = {
  type: ignored,
  alias: ignored,
  sample: absent('query/sample'),
  query_location: ignored,
  column_name_alias: ignored,
}

const shapes: Readonly<Record<string, Shape>> = {
  BASE_TABLE: {
    ...shared,
    schema_name: qualified,
    catalog_name: qualified,
    at_clause: absent('query/time-travel'),
    table_name: (value, gate, owner) => {
      const name = wordOf(value)
      if (wordOf(owner['schema_name']) !== '' || wordOf(owner['catalog_name']) !== '') return
      gate.reads.push({ name: name.toLowerCase(), at: gate.at })
      if (!gate.tables.has(name.toLowerCase()))
        report(gate, 'query/unknown-table', { name: name.slice(0, 100) })
    },
  },
  SUBQUERY: { ...shared, subquery: statement },
  JOIN: {
    ...shared,
    left: table,
    right: table,
    condition: expression,
    join_type: oneOf(['INNER', 'LEFT', 'RIGHT', 'SEMI', 'ANTI'], 'query/join-kind'),
    ref_type: oneOf(['REGULAR', 'NATURAL', 'CROSS', 'DEPENDENT'], 'query/join-kind'),
    using_columns: ignored,
    delim_flipped: absent(),
    duplicate_eliminated_columns: absent(),
  },
  EXPRESSION_LIST: {
    ...shared,
    expected_names: ignored,
    expected_types: absent(),
    values: (value, gate) => {
      for (const row of value as readonly (readonly Json[])[])
        for (const item of row) expression(item, gate, {})
    },
  },
  EMPTY: shared,
}

const others: Readonly<Record<string, Parameters<typeof report>[1]>> = {
  TABLE_FUNCTION: 'query/table-function',
  SHOW_REF: 'query/show',
  PIVOT: 'query/pivot',
}

/** A FROM item: tables of the stub, subqueries, joins and VALUES. Anything else reads what it was not given. */
export const gateTable = (value: Json, gate: Gate): void => {
  if (value === null) return
  const type = isObject(value) ? wordOf(value['type']) : ''
  const shape = own(shapes, type)
  if (shape !== undefined) return gateShape(value, shape, gate)
  const outer = gate.at
  if (isObject(value) && typeof value['query_location'] === 'number')
    gate.at = value['query_location']
  report(gate, own(others, type) ?? 'query/unsupported', { what: type })
  gate.at = outer
}
