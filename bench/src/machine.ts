/** The machine that figures belong to, and who runs on which of its cores. */
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { arch, cpus, platform, release } from 'node:os'

export function describeMachine(): string {
  return `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown CPU'}, ${platform()} ${release()} ${arch()}, Node ${process.version}, loopback without TLS`
}

/** Of those who are measured, as far as they are here. */
export function versions(): { readonly [name: string]: string } {
  const packages = ['fastify', '@fastify/http-proxy', '@fastify/rate-limit', 'express', 'express-rate-limit', 'http-proxy-middleware', 'rate-limiter-flexible', 'libsql']
  const programs = { nginx: ['nginx', '-v'], haproxy: ['haproxy', '-v'], caddy: ['caddy', 'version'] }
  return {
    node: process.versions.node,
    ...Object.fromEntries(packages.map((name) => [name, packageVersion(name)])),
    ...Object.fromEntries(Object.entries(programs).map(([name, [command = '', ...args]]) => [name, programVersion(command, args)])),
  }
}

export function packageVersion(name: string): string {
  const require = createRequire(import.meta.url)
  for (const directory of require.resolve.paths(name) ?? []) {
    try {
      return (require(`${directory}/${name}/package.json`) as { readonly version: string }).version
    } catch {
      // Not in this one.
    }
  }
  return 'not here'
}

function programVersion(command: string, args: readonly string[]): string {
  const { stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' })
  return error === undefined ? (/\d+\.\d+[.\d]*/.exec(stdout + stderr)?.[0] ?? 'unknown') : 'not here'
}

/** Contenders have core 0 for themselves; who asks them and whom they ask share core 1. */
export type Core = 0 | 1

/** Binds all threads of a process to a core. Without `taskset`, or with one core, the system decides. */
export function pin(pid: number, core: Core): void {
  if (cpus().length > 1) spawnSync('taskset', ['-acp', String(core), String(pid)], { stdio: 'ignore' })
}
