/** What a server takes of the processors, with all processes that it has started. Linux only (proc(5)); elsewhere nothing is known. */
import { readdirSync, readFileSync } from 'node:fs'
import { cpuMicrosOf } from '../http/process-figures.ts'

/** Measures until the returned function is called: CPU µs since then. What ended meanwhile is not counted. */
export function watchCpu(pid: number): () => number {
  const before = cpuByProcess(pid)
  return () => [...cpuByProcess(pid)].reduce((sum, [each, micros]) => sum + micros - (before.get(each) ?? 0), process.platform === 'linux' ? 0 : Number.NaN)
}

function cpuByProcess(parent: number): Map<number, number> {
  if (process.platform !== 'linux') return new Map()
  const found = new Map<number, number>()
  for (const pid of [parent, ...childrenOf(parent)]) {
    try {
      found.set(pid, cpuMicrosOf(pid))
    } catch {
      // It has ended.
    }
  }
  return found
}

function childrenOf(parent: number): readonly number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      // The name of the program stands in brackets and may have any character.
      const [, rest = ''] = /^.*\) (.*)$/s.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? []
      return Number(rest.split(' ')[1]) === parent ? [Number(name)] : []
    } catch {
      return []
    }
  })
}
