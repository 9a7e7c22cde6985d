import { createHash } from 'node:crypto'
import type { Door } from '../../api/keeper-client.ts'
import { canonicalJson } from '../../policies/canonical.ts'
import { accepted, refused, type Outcome } from '../../policies/outcome.ts'
import { refuse } from '../../policies/refusal.ts'
import { mayDo, roles, type Action, type Role } from '../../policies/roles.ts'
import { operations, type Input, type Output } from '../../sandbox/door.ts'
import { datasetOf } from './dataset.ts'

export const keyOf = (role: Role): string => `sk_test_${role}`.padEnd(40, '0')
const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex')
const roleByDigest = new Map(roles.map((role) => [digestOf(keyOf(role)), role]))

export const digest = 'ab'.repeat(32)
export const submissionId = '3b241101-e2bb-4255-8caf-4136c566a962'
const submission = {
  kind: 'query',
  agreement: 'credit-2026',
  door: 'noise',
  sql: 'select district, count(*) as firms from enterprise group by district',
} as const
const result = {
  door: 'noise',
  columns: [
    { name: 'district', type: 'VARCHAR' },
    { name: 'firms', type: 'BIGINT' },
  ],
  rows: [
    ['海港区', { value: 1204, sd: 7.1, low: 1190, high: 1218 }],
    ['=cmd()', { withheld: true }],
  ],
  notes: [],
} as const satisfies Output<'result/fetch'>['result'] | object
const inclusion = { index: 7, size: 8, path: [digest], entry: '{}', checkpoint: 'sluice\n8\n' }
const held = {
  id: submissionId,
  organisation: 'harbour-bank',
  account: 'li-na',
  purpose: 'credit',
  sql: submission.sql,
  digest,
  heldMs: 1_700_000_000_000,
}
const running: Output<'submission/show'> = {
  id: submissionId,
  submission,
  account: 'li-na',
  organisation: 'harbour-bank',
  state: 'running',
  receivedMs: 1_700_000_000_000,
  refusals: [],
  cost: [],
  logIndex: 6,
}
const account = {
  account: 'li-na',
  organisation: 'harbour-bank',
  role: 'analyst',
  expiresMs: 1_800_000_000_000,
} as const
const quality = { completeness: 0.97, accuracy: 0.99995, machineReadability: 1 }
const stored = { name: 'enterprise', digest, logIndex: 3 }

const allowed = {
  cost: [{ kind: 'enterprise', cost: { rho: 0.005, delta: 0 } }],
  cells: 16,
  widths: [{ name: 'n', sd: 10 }],
}
const policyText = (floor: number): string =>
  JSON.stringify({
    policy: 'credit',
    title: { zh: '信贷', en: 'credit' },
    doors: ['noise'],
    kinds: { enterprise: { floor, ledger: { rho: 1, delta: 1e-6 } } },
    question: { rho: 0.005, rhoMax: 0.05, delta: 1e-9 },
    datasets: {},
  })

const pulled: Output<'pull/switch'> = {
  pull: {
    pull: 'enterprise',
    policy: 'credit',
    folder: ['tax'],
    files: '*.csv',
    mode: 'append',
    schedule: { everyMinutes: 15 },
    quietSeconds: 60,
  },
  digest,
  isPaused: false,
  nextMs: 1_700_000_900_000,
  files: 3,
  failures: 2,
  problem: {
    file: 'enterprise-4.csv',
    refusals: [refuse('source/empty-line', { line: 7 })],
    timeMs: 1_700_000_000_000,
  },
}

/** One answer for each action, as a keeper would give it. */
export const samples: { [A in Action]: Output<A> } = {
  'account/show': account,
  'account/create': { account, key: `sk_${'k'.repeat(43)}` },
  'account/term': { account: 'wu', expiresMs: 1_700_000_000_000 },
  'key/issue': {
    key: `sk_${'n'.repeat(43)}`,
    name: 'ab'.repeat(8),
    expiresMs: 1_700_000_000_000,
    earlierExpiresMs: 1_690_000_000_000,
  },
  'key/list': {
    account: 'wu',
    keys: [
      { name: 'ab'.repeat(8), expiresMs: 1_700_000_000_000 },
      { name: 'cd'.repeat(8), expiresMs: 1_690_000_000_000, revokedMs: 1_680_000_000_000 },
    ],
  },
  'key/revoke': { account: 'wu', name: 'cd'.repeat(8), logIndex: 9 },
  'catalogue/list': {
    datasets: [
      {
        dataset: 'enterprise',
        title: { zh: '企业登记', en: 'enterprise register' },
        department: { zh: '市场监督管理局', en: 'market regulator' },
        entities: ['enterprise'],
        version: digest,
        columns: [
          {
            name: 'uscc',
            type: 'BIGINT',
            nullable: false,
            use: 'entity',
            kind: 'enterprise',
            tags: ['trade-secret', 'personal-privacy'],
            desensitized: ['surrogate'],
          },
          {
            name: 'district',
            title: { zh: '行政区', en: 'district' },
            type: 'VARCHAR',
            nullable: false,
            use: 'dimension',
            desensitized: [],
            domain: '6 codes',
          },
          {
            name: 'employees',
            type: 'BIGINT',
            nullable: true,
            use: 'measure',
            desensitized: ['clip'],
            clamp: [0, 500],
          },
        ],
      },
    ],
  },
  'dataset/register': stored,
  'dataset/ingest': {
    dataset: 'enterprise',
    version: digest,
    rows: 40_000,
    columns: [{ name: 'district', nulls: 0 }],
    quality,
    quarantine: { rows: 2, reasons: [{ reason: 'standard', column: 'uscc', rows: 2 }] },
    logIndex: 5,
  },
  'dataset/show': {
    dataset: datasetOf({ district: 'text' }, {}, ['public-interest']),
    digest,
    pull: pulled,
    versions: [
      {
        version: digest,
        policy: 'credit',
        publishedMs: 1_700_000_000_000,
        isCurrent: true,
        facts: {
          rows: 40_000,
          columns: [{ column: 'district', nulls: 0 }],
          delivery: {
            rows: 40_002,
            wrongRows: 2,
            columns: [{ column: 'district', empty: 0, unread: 0, rounded: 0, respelled: 0 }],
          },
          quality,
          quarantine: { rows: 2, reasons: [{ reason: 'conflict', rows: 2 }] },
        },
        logIndex: 5,
      },
    ],
  },
  'quarantine/show': {
    dataset: 'enterprise',
    version: digest,
    bad: [
      {
        line: 7,
        faults: [{ reason: 'standard', column: 'uscc' }],
        cells: [{ column: 'uscc', text: '=cmd()' }],
      },
    ],
    next: 1,
    logIndex: 6,
  },
  'pull/set': { ...stored, name: 'enterprise' },
  'pull/switch': pulled,
  'pull/look': { versions: [{ version: digest, rows: 40_000 }], refusals: [], pull: pulled },
  'destruction/propose': { dataset: 'enterprise', version: digest, logIndex: 9 },
  'destruction/approve': {
    dataset: 'enterprise',
    version: digest,
    certificate: '{"event":"version/destroyed"}',
    logIndex: 11,
  },
  'policy/propose': { ...stored, name: 'credit' },
  'policy/approve': { ...stored, name: 'credit' },
  'policy/list': { policies: [{ policy: 'credit', digest, proposed: 'cd'.repeat(32) }] },
  'policy/show': { policy: 'credit', digest, document: policyText(10) },
  'policy/history': {
    policy: 'credit',
    history: [
      {
        event: 'policy/published',
        digest,
        account: 'wu-gang',
        timeMs: 1_700_000_000_000,
        logIndex: 3,
      },
      {
        event: 'policy/proposed',
        digest: 'cd'.repeat(32),
        account: 'ops',
        timeMs: 1_700_000_060_000,
        logIndex: 9,
      },
    ],
    proposal: { digest: 'cd'.repeat(32), account: 'ops', document: policyText(20) },
  },
  'policy/diff': {
    policy: 'credit',
    from: digest,
    to: digest,
    changes: [{ change: 'door-closed', effect: 'tighter', params: { door: 'people' } }],
    agreements: [],
    replay: {
      submissions: 12,
      same: 1,
      undecided: 0,
      changed: [
        { outcome: 'now-allowed', submissions: 0, questions: 0, examples: [] },
        {
          outcome: 'now-refused',
          submissions: 2,
          questions: 1,
          examples: [
            {
              id: submissionId,
              organisation: 'harbour-bank',
              text: submission.sql,
              door: 'noise',
              times: 2,
              before: allowed,
              after: { refusals: [refuse('query/unknown-column', {}, { line: 1, column: 8 })] },
            },
          ],
        },
        {
          outcome: 'other-cost',
          submissions: 9,
          questions: 8,
          examples: [
            {
              id: submissionId,
              organisation: 'harbour-bank',
              text: 'select count(*) as n from shops',
              door: 'noise',
              times: 1,
              before: allowed,
              after: {
                cost: [{ kind: 'enterprise', cost: { rho: 0.02, delta: 0 } }],
                widths: [{ name: 'n', sd: 5 }],
              },
            },
          ],
        },
      ],
    },
  },
  'agreement/sign': { ...stored, name: 'credit-2026' },
  'token/make': { tokens: ['TK' + '0'.repeat(32)], left: 41, logIndex: 3 },
  'agreement/list': {
    agreements: [
      {
        agreement: 'credit-2026',
        organisation: 'harbour-bank',
        scenario: '小微企业信贷',
        purpose: '贷前分析',
        policy: 'credit',
        doors: ['noise', 'people'],
        datasets: { enterprise: ['district', 'employees'] },
        from: '2026-01-01',
        until: '2026-12-31',
        runsLeft: 41,
        ledger: [
          {
            scope: 'agreement',
            name: 'credit-2026',
            kind: 'enterprise',
            limit: { rho: 0.5, delta: 1e-6 },
            spent: { rho: 0.02, delta: 0 },
            questionsLeft: 96,
          },
        ],
      },
    ],
  },
  'submission/check': {
    accepted: true,
    refusals: [],
    understood: ['read enterprise', 'group by district', 'count rows'],
    columns: [{ dataset: 'enterprise', column: 'district' }],
    door: 'noise',
    level: 3,
    cells: 6,
    cost: [{ kind: 'enterprise', cost: { rho: 0.005, delta: 0 }, questionsLeft: 96 }],
    widths: [{ name: 'firms', sd: 10 }],
    reuse: false,
  },
  'submission/create': {
    ...running,
    state: 'released',
    cost: [{ kind: 'enterprise', cost: { rho: 0.005, delta: 0 } }],
    digest,
    logIndex: 7,
  },
  'submission/list': { submissions: [], next: 3 },
  'submission/show': running,
  'submission/watch': {
    events: [{ event: 'submission/received', logIndex: 3, timeMs: 1_700_000_000_000 }],
    isOver: false,
  },
  'submission/withdraw': { ...running, state: 'withdrawn', logIndex: 8 },
  'result/fetch': {
    id: submissionId,
    result: operations['result/fetch'].output.shape.result.parse(result),
    bytes: canonicalJson(result),
    digest: digestOf(canonicalJson(result)),
    record: '{"release":1}',
    inclusion,
  },
  'review/list': { held: [held] },
  'review/show': {
    ...held,
    result: operations['result/fetch'].output.shape.result.parse(result),
    evidence: '{"checks":{"stages":[]},"salt":"00"}',
  },
  'log/checkpoint': { checkpoint: 'sluice\n8\n', verifier: 'sluice+1+abc' },
  'log/list': { entries: [{ index: 0, entry: '{}', leafHash: digest }], next: 1 },
  'log/prove': inclusion,
  'log/consistency': { from: 3, path: [digest], checkpoint: 'sluice\n8\n' },
  'log/bundle': { isFull: true, base64: 'AAJ7fQ==' },
  'log/tile': { isFull: false, base64: 'q6urqw==' },
  'log/export': { lines: ['{}'] },
  'domain/status': {
    version: '0.1.0',
    suite: 'intl',
    logSize: 8,
    waiting: 0,
    running: 1,
    overdue: 1,
    overdueDatasets: ['enterprise'],
    isolation: { network: true },
    inbox: '/tmp/inbox',
  },
}

export type Call = { readonly role: Role; readonly action: Action; readonly input: unknown }
type Answers = { [A in Action]?: (input: Input<A>) => Outcome<Output<A>> }

/**
 * Stands where the keeper's process stands: knows a key for each role, keeps to the table of roles, records what it is
 * asked and answers with the samples, or with what a test gives.
 */
export const fakeDoor = (answers: Answers = {}): Door & { readonly calls: Call[] } => {
  const calls: Call[] = []
  return {
    calls,
    ready: () => true,
    call: async (keyDigest, action, input) => {
      const role = roleByDigest.get(keyDigest)
      if (role === undefined) return refused(refuse('access/unauthenticated'))
      if (!mayDo(role, action)) return refused(refuse('access/not-allowed', { role, action }))
      calls.push({ role, action, input: operations[action].input.parse(input) })
      return answers[action]?.(input) ?? accepted(samples[action])
    },
  }
}
