import { expect, test } from 'vitest'
import { evidenceTable } from '../../../api/cli/evidence.ts'

const pass = { rule: 'floor', verdict: 'pass', measured: 'enterprise 3302', limit: '10' }
const fail = { rule: 'n-k', verdict: 'fail', measured: '95 / 100', limit: '(2, 90 %)' }
const figure = { name: 'sum', value: '100.00', withheld: true, verdicts: [pass, fail] }

const evidence = JSON.stringify({
  checks: {
    stages: [{ cells: [{ key: ['云东区', null], shown: true, figures: [figure] }], omitted: 2 }],
  },
  salt: '00',
})

test('a reviewer reads the true value, what is withheld, and the rule that withheld it', () => {
  const text = evidenceTable(evidence, { t: (en) => en })
  expect(text).toContain('云东区 · ∅  sum         100.00  withheld  n-k fail (95 / 100; (2, 90 %))')
  expect(text).toContain('passed everywhere: floor\n')
  expect(text).toContain('groups left out whole: 2\n')
})
