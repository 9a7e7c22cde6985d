import { createApp, type App, type AppOptions } from '../../api/app.ts'
import { fakeDoor } from './door.ts'

/** The app with a clock that stands still until it is set, ids that count, and the incidents it reported. */
export const testApp = (
  changes: Partial<AppOptions> = {},
): { app: App; incidents: unknown[]; setMs: (ms: number) => void } => {
  let ms = 1_700_000_000_000
  let count = 0
  const incidents: unknown[] = []
  const app = createApp({
    door: fakeDoor(),
    nowMs: () => ms,
    id: () => `00000000-0000-4000-8000-${String((count += 1)).padStart(12, '0')}`,
    report: (_, error) => incidents.push(error),
    tls: false,
    ...changes,
  })
  return { app, incidents, setMs: (next) => (ms = next) }
}
