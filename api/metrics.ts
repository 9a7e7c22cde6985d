import type { Action } from '../policies/roles.ts'
import type { Output } from '../sandbox/door.ts'

/** Counts answers by what was asked and with which status. */
export type Counts = {
  readonly add: (action: Action, status: number) => void
  readonly text: (status: Output<'domain/status'>) => string
}

/**
 * Metrics as Prometheus reads them (text format 0.0.4): answers of this process, and what `domain/status` says to the
 * same people. No durations and no counts of rows: of runs both are outputs, and leave through a door or not at all.
 */
export const countAnswers = (): Counts => {
  const answers = new Map<string, number>()
  return {
    add: (action, status) => {
      const labels = `{action="${action}",status="${status}"}`
      answers.set(labels, (answers.get(labels) ?? 0) + 1)
    },
    text: ({ logSize, waiting, running, overdue, isolation }) =>
      [
        ...family('sluice_http_answers_total', 'counter', 'answers of the HTTP interface', answers),
        ...single('sluice_log_entries', 'gauge', 'entries of the log', logSize),
        ...single('sluice_waiting', 'gauge', 'texts, submissions and files that wait', waiting),
        ...single('sluice_running', 'gauge', 'places to run in that are taken', running),
        ...single(
          'sluice_datasets_overdue',
          'gauge',
          'datasets that have had nothing new for longer than their cycle allows',
          overdue,
        ),
        ...family(
          'sluice_isolation',
          'gauge',
          'isolations of child processes that this system grants',
          Object.entries(isolation).map(([name, open]) => [`{kind="${name}"}`, open ? 1 : 0]),
        ),
        ...single(
          'process_resident_memory_bytes',
          'gauge',
          'memory of the process that speaks HTTP',
          process.memoryUsage.rss(),
        ),
        '',
      ].join('\n'),
  }
}

const family = (
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  values: Iterable<readonly [labels: string, value: number]>,
): readonly string[] => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${type}`,
  ...[...values].map(([labels, value]) => `${name}${labels} ${value}`),
]

const single = (name: string, type: 'gauge', help: string, value: number): readonly string[] =>
  family(name, type, help, [['', value]])
