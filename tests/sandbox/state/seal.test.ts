import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { accepted } from '../../../policies/outcome.ts'
import { createAccount } from '../../../sandbox/state/accounts.ts'
import { issueKey } from '../../../sandbox/state/keys.ts'
import { putDocument } from '../../../sandbox/state/documents.ts'
import { putFile } from '../../../sandbox/state/files.ts'
import { chargeSubmission } from '../../../sandbox/state/ledger.ts'
import { protectResult, releaseResult } from '../../../sandbox/state/results.ts'
import { endRun, startRun } from '../../../sandbox/state/runs.ts'
import { publishVersion } from '../../../sandbox/state/versions.ts'
import { analyst, charge, digest, limits, operator, receive } from '../../support/flow.ts'
import { inFolder, openingOf, openTest, tamperWith } from '../../support/state.ts'

/** A state with a row or two in every table. */
const fill = (folder: string): void => {
  const state = openTest(folder)
  const li = { account: 'li', organisation: 'city-bank', role: 'analyst' } as const
  state.commit((tx) => createAccount(tx, li, operator))
  state.commit((tx) =>
    issueKey(tx, { digest: digest('aa'), account: 'li', expiresMs: 5 }, operator),
  )
  for (const value of [{ a: 1 }, { a: 2 }])
    state.commit((tx) => putDocument(tx, { kind: 'policy', name: 'p', value }, operator))
  const version = {
    digest: digest('a1'),
    dataset: 'tax',
    datasetDigest: digest('d0'),
    policyDigest: digest('b0'),
    raw: 'raw',
    file: 'a1.duckdb',
    fileDigest: digest('f0'),
    keyIdentity: 'version/a1',
    facts: '{}',
  }
  state.commit((tx) => {
    const published = publishVersion(tx, version, operator)
    const file = { shelf: 'vault', file: 'raw', name: 'tax', sha256: digest('f1') } as const
    putFile(tx, { ...file, keyIdentity: 'raw/tax' }, 0)
    return published
  })
  receive(state, 'a')
  receive(state, 'b')
  const charged = { id: 'a', charge: charge(5), limitOf: limits(10) }
  state.commit((tx) => chargeSubmission(tx, charged, analyst))
  state.commit((tx) => {
    startRun(tx, { run: 'r', submission: 'a' }, operator)
    endRun(tx, { run: 'r', outcome: 'done' }, operator)
    const made = {
      submission: 'a',
      digest: digest('e1'),
      question: digest('c1'),
      bytes: Buffer.from('{}'),
      evidence: null,
      commitment: digest('77'),
    }
    protectResult(tx, made, operator)
    releaseResult(tx, { submission: 'a', record: '{}' }, operator)
    return accepted(0)
  })
  state.close()
}

test.each([
  ['a role', "UPDATE accounts SET role = 'operator'"],
  ['an account that was added', "INSERT INTO accounts VALUES ('x', 'y', 'operator', 1, NULL)"],
  ['an account that was taken out', 'DELETE FROM accounts'],
  ['the life of a key', 'UPDATE keys SET expires_ms = 99'],
  ['a document', `UPDATE documents SET name = 'q'`],
  [
    'which document is current',
    'UPDATE current_documents SET digest = (SELECT min(digest) FROM documents WHERE digest <> current_documents.digest)',
  ],
  ['the file of a version', "UPDATE versions SET file = 'b.duckdb'"],
  ['what was asked', `UPDATE submissions SET spec = replace(spec, 'count', 'max') WHERE id = 'b'`],
  ['the state of a submission', "UPDATE submissions SET state = 'protected' WHERE id = 'b'"],
  [
    'two submissions that changed places',
    "UPDATE submissions SET id = 'c' WHERE id = 'a'; UPDATE submissions SET id = 'a' WHERE id = 'b'; UPDATE submissions SET id = 'b' WHERE id = 'c'",
  ],
  ['the bytes of a result', "UPDATE results SET bytes = x'7b20'"],
  ['evidence that was put in', "UPDATE results SET evidence = x''"],
  ['a run that was taken out', 'DELETE FROM runs'],
  ['a release that was taken out', 'DELETE FROM releases'],
  ['the seal', 'UPDATE seal SET mac = randomblob(32)'],
  ['no seal', 'DELETE FROM seal'],
  ['a file of the domain', "UPDATE files SET key_identity = 'another'"],
])('a state in which somebody changed %s is refused', (_, sql) => {
  inFolder((folder) => {
    fill(folder)
    expect(openingOf(folder)).toBe('opened')
    tamperWith(folder, sql)
    expect(openingOf(folder)).toBe('state/damaged')
  })
})

test('a row brought back from an older file is noticed, its old seal too', () => {
  inFolder((folder) => {
    fill(folder)
    copyFileSync(join(folder, 'state.db'), join(folder, 'old.db'))
    const state = openTest(folder)
    state.commit((tx) => putDocument(tx, { kind: 'policy', name: 'p', value: { a: 3 } }, operator))
    state.close()
    tamperWith(
      folder,
      `ATTACH '${join(folder, 'old.db')}' AS old;
       DELETE FROM current_documents; INSERT INTO current_documents SELECT * FROM old.current_documents;
       DELETE FROM documents; INSERT INTO documents SELECT * FROM old.documents;
       DELETE FROM seal; INSERT INTO seal SELECT * FROM old.seal;`,
    )
    expect(openingOf(folder)).toBe('state/damaged')
  })
})

test('a state without its rows and its seal is noticed, though there are entries', () => {
  inFolder((folder) => {
    const state = openTest(folder)
    const li = { account: 'li', organisation: 'city-bank', role: 'analyst' } as const
    state.commit((tx) => createAccount(tx, li, operator))
    state.close()
    tamperWith(folder, 'DELETE FROM accounts; DELETE FROM seal')
    expect(openingOf(folder)).toBe('state/damaged')
  })
})

test('rows put into a state that has no log yet are noticed', () => {
  inFolder((folder) => {
    openTest(folder).close()
    tamperWith(folder, "INSERT INTO accounts VALUES ('x', 'y', 'operator', 1, NULL)")
    expect(openingOf(folder)).toBe('state/damaged')
  })
})

test('every way of writing keeps the seal: insert, update, replace, upsert and delete, kept or undone', () => {
  inFolder((folder) => {
    fill(folder)
    const state = openTest(folder)
    const statements = [
      "INSERT INTO runs VALUES ('x', 'a', 1, NULL, NULL)",
      "UPDATE runs SET outcome = 'failed' WHERE run = 'x'",
      "INSERT OR REPLACE INTO runs VALUES ('x', 'b', 2, NULL, NULL)",
      "INSERT INTO runs VALUES ('x', 'b', 2, 9, NULL) ON CONFLICT DO UPDATE SET ended_ms = excluded.ended_ms",
      "INSERT OR IGNORE INTO runs VALUES ('x', 'b', 3, NULL, NULL)",
      'UPDATE runs SET started_ms = started_ms + 1',
      "DELETE FROM runs WHERE run = 'x'",
    ]
    for (const sql of statements) {
      expect(() =>
        state.commit((tx) => {
          tx.run(sql)
          throw new Error('undone')
        }),
      ).toThrow('undone')
      state.commit((tx) => {
        tx.log({
          actor: operator,
          event: 'log/checked',
          subject: { type: 'log', id: 'x' },
          detail: {},
        })
        return accepted(tx.run(sql))
      })
    }
    state.close()
    expect(openingOf(folder)).toBe('opened')
  })
})
