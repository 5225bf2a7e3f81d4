/** What the kernel says of a process, the same for all contenders. Linux only (proc(5)). */
import { readdirSync, readFileSync } from 'node:fs'

/** On the processor, user and system, all threads that live: the first field of each `schedstat` is nanoseconds. */
export function cpuMicrosOf(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1_000, 0)
}

/** `VmRSS` of `status`: what it has in memory. */
export function residentBytesOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1_024
}
