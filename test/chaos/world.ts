/** A shop of its own for one test: its file, its service, and one program after the other. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startGateway } from '@tollgate/gateway'
import { freePort } from '../../packages/gateway/src/fixtures/free-port.ts'
import { openStore } from '../../packages/gateway/src/program/open-store.ts'
import { createSystemClock } from '../../packages/gateway/src/platform/system-clock.ts'
import { putAccounts, readAll } from './books.ts'
import type { Books, Grant } from './history.ts'
import { createPrograms, type Programs } from './program.ts'
import { createService, type Service } from './service.ts'
import { shopConfig } from './shop.ts'

export interface World {
  readonly url: string
  readonly adminUrl: string
  readonly service: Service
  readonly programs: Programs
  /** What the accounts were given before all. */
  readonly grants: readonly Grant[]
  /** No program may be running. */
  read(endedAtMs: number): Promise<Books>
  close(): Promise<void>
}

/** `compiled`: where the programs are. */
export async function createWorld(compiled: string): Promise<World> {
  const directory = mkdtempSync(join(tmpdir(), 'tollgate-chaos-'))
  const file = join(directory, 'tollgate.db')
  const configFile = join(directory, 'tollgate.json')
  const service = await createService()
  const ports = { front: await freePort(), admin: await freePort(), calls: await freePort(), service: service.port }
  writeFileSync(configFile, JSON.stringify(shopConfig(file, ports)))
  const programs = createPrograms(compiled, configFile)
  const grants = await openAccounts(configFile)

  return {
    url: `http://127.0.0.1:${ports.front}`,
    adminUrl: `http://127.0.0.1:${ports.admin}`,
    service,
    programs,
    grants,
    read: (endedAtMs) => readBooks(file, endedAtMs),
    async close() {
      service.close()
      await programs.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function openAccounts(configFile: string): Promise<readonly Grant[]> {
  const gateway = await startGateway({ config: configFile })
  const grants = await putAccounts(gateway)
  await gateway.close()
  return grants
}

async function readBooks(file: string, endedAtMs: number): Promise<Books> {
  const faults: string[] = []
  const { store } = await openStore({ kind: 'sqlite', file }, createSystemClock(), ({ message }) => void faults.push(message))
  try {
    if (faults.length > 0) throw new Error(faults.join('\n'))
    return { endedAtMs, ...(await readAll(store)) }
  } finally {
    await store.close()
  }
}
