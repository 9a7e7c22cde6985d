/**
 * Limits of the keeper's children. The checker's and runner's address space was measured to be the least in which the
 * runtime and the engine start (`bench`); what the engine's own memory limit does not cover ends there.
 */
export const settings = {
  checker: {
    size: 2,
    usesMax: 5000,
    waitingMax: 64,
    timeoutMs: 2000,
    limits: { addressSpaceMb: 4096, heapMb: 256 },
  },
  runner: {
    /** Runs at one time, and spares kept ready: two cores, two runs. */
    size: 2,
    waitingMax: 32,
    timeoutMs: 10_000,
    /** After the engine was told to stop, before the process is killed. */
    graceMs: 2000,
    memoryMb: 4096,
    threads: 2,
    limits: { addressSpaceMb: 12_288, heapMb: 1024 },
  },
  publisher: {
    timeoutMs: 3_600_000,
    bytesMax: 64 * 2 ** 30,
    memoryMb: 2048,
    threads: 2,
    limits: { addressSpaceMb: 16_384, heapMb: 1024 },
  },
  /** When the author of a run that released nothing is told so, whatever ended it: the last synchronous bucket. */
  failureMs: 16_000,
  /** As release records name what computed an answer. */
  engine: 'sluice 0.1.0, duckdb 1.5.5',
} as const
