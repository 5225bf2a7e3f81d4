/** The machine that figures belong to, and who runs on which of its cores. */
import { spawnSync } from 'node:child_process'
import { arch, cpus, platform, release } from 'node:os'

export function describeMachine(): string {
  return `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown CPU'}, ${platform()} ${release()} ${arch()}, Node ${process.version}, loopback without TLS`
}

/** Contenders have core 0 for themselves; who asks them and whom they ask share core 1. */
export type Core = 0 | 1

/** Binds all threads of a process to a core. Without `taskset`, or with one core, the system decides. */
export function pin(pid: number, core: Core): void {
  if (cpus().length > 1) spawnSync('taskset', ['-acp', String(core), String(pid)], { stdio: 'ignore' })
}
