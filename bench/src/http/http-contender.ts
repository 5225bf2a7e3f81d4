/** Servers as contenders: started, looked at, then loaded. */
import type { Contender, Measures, Running, Stage } from '../bench-case.ts'
import { startChild } from '../child-process.ts'
import { load, type LoadOptions } from './load.ts'
import { startNginx } from './nginx.ts'

export interface HttpJob extends Pick<LoadOptions, 'headers' | 'path' | 'status' | 'connections'> {
  /** What is wrong with its answers; empty when nothing is. */
  readonly findWrong: (port: number) => Promise<readonly string[]>
}

const WARM_UP_CONNECTIONS = 64

interface Target {
  readonly port: number
  /** Of the contender's process, since its start; undefined where it cannot be told apart. */
  cpuMicros(): Promise<number | undefined>
  close(): Promise<void>
}

export function serverContender(name: string, job: HttpJob): Contender {
  return httpContender(name, job, async ({ upstreamPort, profileDir }) => {
    const { ready, ask, stop } = await startChild(['serve', name, String(upstreamPort)], 0, profileDir)
    return { port: ready.port ?? 0, cpuMicros: async () => (await ask({ ask: 'cpu' })).cpuMicros, close: stop }
  })
}

export function nginxContender(job: HttpJob): Contender {
  return httpContender('nginx', job, async ({ upstreamPort }) => {
    const nginx = await startNginx(upstreamPort)
    return nginx === undefined ? 'not installed here' : { ...nginx, cpuMicros: async () => nginx.cpuMicros() }
  })
}

/** The upstream itself, with nothing in between. */
export function directContender(name: string, job: HttpJob): Contender {
  return httpContender(name, job, async ({ upstreamPort }) => ({ port: upstreamPort, cpuMicros: async () => undefined, close: async () => undefined }))
}

function httpContender(name: string, { findWrong, ...asked }: HttpJob, open: (stage: Stage) => Promise<Target | string>): Contender {
  async function measure({ port, cpuMicros }: Target, ms: number): Promise<Measures> {
    const before = await cpuMicros()
    const { requests, ms: spentMs, p50Ms, p99Ms } = await load({ ...asked, port, ms })
    const after = await cpuMicros()
    return {
      perSecond: (requests * 1_000) / spentMs,
      p50Ms,
      p99Ms,
      ...(before !== undefined && after !== undefined && { cpuMicros: (after - before) / requests }),
    }
  }

  return {
    name,
    async start(stage): Promise<Running | string> {
      const target = await open(stage)
      if (typeof target === 'string') return target
      const wrong = await findWrong(target.port).catch((error: unknown) => [String(error)])
      if (wrong.length > 0) {
        await target.close()
        throw new Error(`${name} does not do its job: ${wrong.join('; ')}`)
      }
      return {
        // With many connections, however many are measured: code is compiled by what it does often.
        warmUp: async (ms) => void (await load({ ...asked, port: target.port, connections: WARM_UP_CONNECTIONS, ms })),
        measure: (ms) => measure(target, ms),
        stop: () => target.close(),
      }
    },
  }
}
