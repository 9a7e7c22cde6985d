import { readFileSync } from 'node:fs'

export type Used = { readonly megabytes: number; readonly cpuSeconds: number }

/** Looks at a process until `end`: its most resident memory (VmHWM) and its time of a processor, all threads. */
export const watchProcess = (pid: number): { readonly end: () => Used } => {
  let [megabytes, cpuSeconds] = [0, 0]
  // The kernel keeps both, so only what comes after the last look can be missed.
  const look = setInterval(() => {
    megabytes = Math.max(megabytes, peakOf(pid))
    cpuSeconds = Math.max(cpuSeconds, cpuSecondsOf(pid))
  }, 50)
  return {
    end: () => {
      clearInterval(look)
      return { megabytes, cpuSeconds }
    },
  }
}

const readProcess = (pid: number, file: 'status' | 'stat'): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}

const peakOf = (pid: number): number =>
  Number(/VmHWM:\s+(\d+) kB/.exec(readProcess(pid, 'status'))?.[1] ?? 0) / 1024

/** User and system time, in ticks of a hundredth (proc(5), fields 14 and 15). */
const cpuSecondsOf = (pid: number): number => {
  const fields = readProcess(pid, 'stat').split(') ').at(-1)?.split(' ') ?? []
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / 100
}
