import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { canonicalJson } from '../../../policies/canonical.ts'
import { actions } from '../../../policies/roles.ts'
import { answer } from '../../../sandbox/answer.ts'
import { requestSchema, type Request } from '../../../sandbox/door.ts'
import { formatVerifier, signCheckpoint, verifierOf } from '../../../sandbox/log/checkpoint.ts'
import { entryBytes, type Entry } from '../../../sandbox/log/entry.ts'
import { checkpointLine, entryLine, headerLine } from '../../../sandbox/log/export.ts'
import { appendLeaf, emptyEdge, leafHash, rootOf } from '../../../sandbox/log/tree.ts'
import { verifyExport } from '../../../sandbox/log/verify.ts'
import { checkerAnswerSchema } from '../../../sandbox/run/checker-protocol.ts'
import { startChild } from '../../../sandbox/run/child.ts'
import { openPool } from '../../../sandbox/run/pool.ts'
import { usualSettings } from '../../../sandbox/settings.ts'
import { today } from '../../support/checker.ts'
import { agreementName, policyName } from '../../support/domain.ts'
import { openInside, poolSaying, type Inside } from '../../support/inside.ts'
import { expectKnown } from '../../support/ours.ts'
import { draft, testSigner } from '../../support/state.ts'
import { townTables, treeOf } from '../../support/town.ts'
import { mutateBytes, mutateText, mutateValue } from './mutate.ts'
import type { Target } from './target.ts'

/** Messages to a checker in a process of its own: an answer of the protocol to each, and the process goes on. */
export const checkerTarget = (): Target => {
  const none = { network: false, privileges: false }
  const pool = openPool({
    start: () => startChild('checker-process', usualSettings.checker, none),
    size: 1,
    usesMax: 100_000,
    waitingMax: 1000,
  })
  const tables = townTables.map(({ dataset, columns }) => ({
    dataset,
    columns: columns.map(({ name, type }) => ({ name, type })),
  }))
  return {
    tries: [40, 3000],
    attempt: async (below) => {
      const tree = await treeOf('select district, count(*) from enterprise group by district')
      const honest = [
        { ask: 'check', text: 'select count(*) from tax', tables, today },
        { ask: 'post', tree, tables: [{ name: 'enterprise', columns: [], rows: [] }] },
        { ask: 'hello' },
      ]
      const message = mutateValue(honest[below(honest.length)], below)
      if (typeof message !== 'object' || message === null) return
      const reply = await pool.ask(message, 10_000)
      if (!('answer' in reply)) throw new Error(`no answer: ${JSON.stringify(reply)}`)
      const said = checkerAnswerSchema.parse(reply.answer)
      if (said.answer === 'refusals') expectKnown(said.refusals)
    },
    close: pool.close,
  }
}

const honestInputs = (): Readonly<Record<string, object>> => ({
  'submission/create': {
    submission: {
      kind: 'query',
      agreement: agreementName,
      sql: 'select 1',
      door: 'noise',
      rho: 0.001,
    },
    idempotencyKey: 'k',
    waitMs: 0,
  },
  'submission/check': { kind: 'query', agreement: agreementName, sql: 'select 1' },
  'submission/list': { limit: 5, cursor: 0 },
  'policy/diff': { policy: policyName, text: 'policy: x' },
  'policy/show': { policy: policyName },
  'log/list': { cursor: 0, limit: 5 },
  'log/prove': { seq: 1, size: 3 },
  'log/export': { from: 0 },
  'dataset/show': { dataset: 'ent_registry' },
  'account/term': { account: 'x', days: 3 },
  'key/issue': { overlapHours: 1 },
  'key/list': { account: 'x' },
  'key/revoke': { account: 'x', name: 'ab'.repeat(8) },
  'account/create': { account: 'x', organisation: 'y', role: 'analyst', days: 3 },
})

/** Requests to the keeper, whatever they ask, from anybody with a key: a value or a refusal, and no incident. */
export const keeperTarget = async (
  parse: (message: unknown) => Request | undefined = (message) =>
    requestSchema.safeParse(message).data,
): Promise<Target> => {
  const inside = await openInside()
  const keys = Object.values(inside.keys)
  const inputs = honestInputs()
  return {
    tries: [150, 10_000],
    attempt: async (below) => {
      const action = actions[below(actions.length)]!
      // What these start takes long and is no matter of a message.
      if (action === 'dataset/ingest') return
      const keyDigest = createHash('sha256').update(keys[below(keys.length)]!).digest('hex')
      const message = { id: 1, keyDigest, action, input: inputs[action] ?? { id: 'x' } }
      const request = parse(mutateValue(message, below))
      if (request === undefined) return
      const outcome = await answer(inside.domain, request)
      if (!outcome.ok) expectKnown(outcome.refusals)
      expect(inside.reported.splice(0)).toEqual([])
    },
    close: () => inside.close(),
  }
}

const figure = { columns: [{ type: { id: 'BIGINT' }, figure: true }], rows: [[{ value: 5 }]] }
const facts = { openMs: 1, stages: [], peakMb: 1 }
const states = ['refused', 'failed', 'released', 'held', 'running']

/** What a broken checker and a broken runner answer the keeper: a state, and nothing of what they said. */
export const childTarget = async (): Promise<Target> => {
  const inside: Inside = await openInside()
  const tree = {
    nodes: [
      { op: 'scan', dataset: 'ent_registry', columns: [{ name: 'uscc', type: { id: 'BIGINT' } }] },
      {
        op: 'aggregate',
        input: 0,
        keys: [],
        measures: [{ name: 'count_star', args: [], distinct: false, type: { id: 'BIGINT' } }],
      },
    ],
    names: ['n'],
  }
  const settings = { ...inside.domain.settings, failureMs: 100 }
  const met = new Set<string>()
  return {
    tries: [12, 600],
    attempt: async (below) => {
      const checker = mutateValue({ answer: 'tree', tree }, below)
      const runner = mutateValue(
        { answer: 'tables', tables: [figure], evidence: null, facts },
        below,
      )
      const views = await Promise.all([
        inside.ask(
          { sql: 'select 1', rho: 1e-4 },
          { checkers: poolSaying(() => checker), settings },
        ),
        inside.ask(
          { sql: `select count(*) from ent_registry -- ${below(1e9)}`, rho: 1e-4 },
          { runners: poolSaying(() => runner), settings },
        ),
      ])
      for (const view of views) {
        expect(states).toContain(view.state)
        met.add(view.state)
        if (view.refusals.length > 0) expectKnown(view.refusals)
      }
    },
    close: () => {
      inside.close()
      // What a runner says is met only where its question was let through.
      expect([...met]).toEqual(expect.arrayContaining(['refused', 'failed']))
    },
  }
}

const exported = (): string => {
  const entries = Array.from({ length: 12 }, (_, seq): Entry => ({
    ...draft(`entry ${seq}`, { detail: { note: '数闸 "a"' } }),
    salt: '5a17'.repeat(8),
    seq,
    timeMs: 1000 + seq,
  }))
  const lines = [headerLine(verifierOf(testSigner), entries.length)]
  let edge = emptyEdge
  for (const entry of entries) {
    const body = Buffer.from(entryBytes(entry)).toString()
    const leaf = leafHash(Buffer.from(body))
    lines.push(entryLine(body, leaf))
    edge = appendLeaf(edge, leaf).edge
  }
  lines.push(checkpointLine(signCheckpoint(testSigner, { size: edge.size, root: rootOf(edge) })))
  return lines.map((line) => `${line}\n`).join('')
}

/** An exported log: verified only where nothing was changed. */
export const logTarget = (verify: typeof verifyExport = verifyExport): Target => {
  const good = exported()
  const verifier = formatVerifier(verifierOf(testSigner))
  const words = ['{', '"seq":', canonicalJson({ a: 1 }), '\n']
  return {
    tries: [300, 50_000],
    attempt: async (below) => {
      const bytes =
        below(2) === 0
          ? mutateBytes(Buffer.from(good), below, Buffer.from(good))
          : Buffer.from(mutateText(good, below, { other: good, words }))
      const cut = below(bytes.length + 1)
      const outcome = await verify([bytes.subarray(0, cut), bytes.subarray(cut)], verifier)
      if (!outcome.ok) expectKnown(outcome.refusals)
      expect(outcome.ok, bytes.toString()).toBe(bytes.equals(Buffer.from(good)))
    },
  }
}
