/** Of the servers and clients that are measured. */
import { spawnSync } from 'node:child_process'
import { findPostgres } from '@tollgate/example-servers/postgres-binaries'
import { valkeyPrograms } from '@tollgate/example-servers/valkey'
import { packageVersion } from '../machine.ts'

export async function engineVersions(): Promise<{ readonly [name: string]: string }> {
  const { postgres } = await findPostgres()
  const server = valkeyPrograms[0]
  return {
    node: process.versions.node,
    Postgres: versionOf(postgres),
    ...(server !== undefined && { [server]: versionOf(server) }),
    ...Object.fromEntries(['pg', 'ioredis', 'rate-limiter-flexible', 'libsql'].map((name) => [name, packageVersion(name)])),
  }
}

function versionOf(program: string): string {
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' })
  return /\d+\.\d+[.\d]*/.exec(stdout ?? '')?.[0] ?? 'unknown'
}
