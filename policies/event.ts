/**
 * Every event the log can hold: `<subject>/<what happened to it>`. A closed list: an entry with another event is not
 * valid, so a reader of the log needs no guessing. Names are never changed once entries with them exist.
 */
export const events = [
  'domain/opened',
  'account/created',
  'account/disabled',
  'key/issued',
  'key/revoked',
  'dataset/registered',
  'version/published',
  'quarantine/viewed',
  'pull/set',
  'pull/paused',
  'pull/resumed',
  'pull/looked',
  'pull/refused',
  'policy/proposed',
  'policy/published',
  'agreement/signed',
  'submission/received',
  'submission/refused',
  'submission/reused',
  'submission/failed',
  'submission/withdrawn',
  'ledger/charged',
  'run/started',
  'run/ended',
  'result/protected',
  'result/held',
  'result/released',
  'result/declined',
  'result/fetched',
  'review/viewed',
  'log/checked',
  'log/exported',
] as const
export type LogEvent = (typeof events)[number]
