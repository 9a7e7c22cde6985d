/** Shops as their department delivers them, most of whose rows may be bad, and what may leave of them. */
export const shopsTitle = '{ zh: 门店, en: shops }'

export const shopsPolicy = (floor = 3): string => `policy: shops-open
title: ${shopsTitle}
doors: [noise]
kinds: { shop: { floor: ${floor}, ledger: { rho: 1, delta: 1.0e-6 } } }
question: { rho: 0.05, rhoMax: 0.2, delta: 1.0e-8 }
datasets:
  shops:
    contribution: { rowsMax: 1, groupsMax: 1 }
    columns: { staff: { use: measure, clamp: [0, 20] } }
`

/** `more`: a line of its own among those of the dataset; `column`: one between the licence and the staff. */
export const shopsDataset = ({ more = '', column = '' } = {}): string => `dataset: shops
title: ${shopsTitle}
department: ${shopsTitle}
${more === '' ? '' : `${more}\n`}entities: [{ kind: shop, column: licence }]
grain: [licence]
ingest: { badRowsMax: 0.7 }
columns:
  - { name: licence, type: text, class: identifier, level: 3 }
${column === '' ? '' : `  - ${column}\n`}  - { name: staff, type: integer, class: amount, level: 2 }
`
