/** Servers as contenders: started, looked at, then loaded. */
import type { Contender, Measures, Running, Stage } from '../bench-case.ts'
import { startChild } from '../child-process.ts'
import { openStreams, type OpenStreams } from './event-load.ts'
import { startForeign, type ForeignServer } from './foreign-server.ts'
import { load, openIdle, requestedOf, type Asked } from './load.ts'
import { cpuMicrosOf, residentBytesOf } from './process-figures.ts'

export interface HttpJob extends Asked {
  readonly connections: number
  /** What is wrong with its answers; empty when nothing is. */
  readonly findWrong: (port: number) => Promise<readonly string[]>
  /** `requests`: one after the other on each connection. `idle`: each connection is used once. `events`: each carries a stream. */
  readonly kind?: 'requests' | 'idle' | 'events'
}

const WARM_UP_CONNECTIONS = 64

/** A server that was started. */
interface Target {
  readonly port: number
  /** Undefined where it has no process of its own. */
  readonly pid: number | undefined
  /** Takes out of memory what nobody uses, where it can be told to. */
  tidy(): Promise<void>
  close(): Promise<void>
}

export function serverContender(name: string, job: HttpJob): Contender {
  return httpContender(name, name.startsWith('tollgate'), job, async ({ upstreamPort, profileDir, childFile }) => {
    const { ready, ask, stop, pid } = await startChild(['serve', name, String(upstreamPort)], { core: 0, childFile, profileDir })
    return { port: ready.port ?? 0, pid, tidy: async () => void (await ask({ ask: 'tidy' })), close: stop }
  })
}

export function foreignContender(server: ForeignServer, job: HttpJob): Contender {
  return httpContender(server.name, false, job, async ({ upstreamPort }) => {
    const running = await startForeign(server, upstreamPort)
    return running === undefined ? 'not installed here' : { ...running, tidy: async () => undefined }
  })
}

/** The upstream itself, with nothing in between. */
export function directContender(name: string, job: HttpJob): Contender {
  return httpContender(name, false, job, async ({ upstreamPort }) => ({ port: upstreamPort, pid: undefined, tidy: async () => undefined, close: async () => undefined }))
}

/** Figures of what is done in the meantime, with the CPU time that the contender took for each. */
async function withCpu(pid: number | undefined, run: () => Promise<{ readonly count: number; readonly ms: number; readonly p50Ms: number; readonly p99Ms: number }>): Promise<Measures> {
  const before = pid === undefined ? undefined : cpuMicrosOf(pid)
  const { count, ms, p50Ms, p99Ms } = await run()
  const measures = { perSecond: (count * 1_000) / ms, p50Ms, p99Ms }
  return pid === undefined || before === undefined ? measures : { ...measures, cpuMicros: (cpuMicrosOf(pid) - before) / count }
}

function httpContender(name: string, isOurs: boolean, { findWrong, kind = 'requests', ...asked }: HttpJob, open: (stage: Stage) => Promise<Target | string>): Contender {
  const loaded = (port: number, connections: number, ms: number): ReturnType<typeof load> => load({ ...asked, port, connections, ms })

  function running(target: Target): Running {
    const { port, pid, tidy } = target
    let streams: OpenStreams | undefined
    /** What one takes is seen at the first opening: a process gives back little of what it took. */
    let bytes: number | undefined

    async function opening<T>(run: () => Promise<T>): Promise<T> {
      await tidy()
      const before = pid === undefined ? Number.NaN : residentBytesOf(pid)
      const opened = await run()
      await tidy()
      bytes ??= ((pid === undefined ? Number.NaN : residentBytesOf(pid)) - before) / asked.connections
      return opened
    }

    async function measureRequests(ms: number): Promise<Measures> {
      return withCpu(pid, async () => {
        const { requests, ...figures } = await loaded(port, asked.connections, ms)
        return { count: requests, ...figures }
      })
    }

    async function measureIdle(): Promise<Measures> {
      if (bytes === undefined) (await opening(() => openIdle({ ...asked, port })))()
      return { perSecond: Number.NaN, bytes: bytes ?? Number.NaN }
    }

    async function measureEvents(ms: number): Promise<Measures> {
      streams = await opening(() => openStreams(requestedOf(asked, port), asked.connections))
      try {
        await streams.measure(SETTLE_MS)
        const opened = streams
        const measures = await withCpu(pid, async () => {
          const { events, ...figures } = await opened.measure(ms)
          return { count: events, ...figures }
        })
        return { ...measures, bytes: bytes ?? Number.NaN }
      } finally {
        streams.close()
      }
    }

    return {
      // With many connections, however many are measured: code is compiled by what it does often.
      async warmUp(ms) {
        if (kind !== 'events') await loaded(port, WARM_UP_CONNECTIONS, ms)
      },
      measure: kind === 'idle' ? measureIdle : kind === 'events' ? measureEvents : measureRequests,
      stop: () => target.close(),
    }
  }

  return {
    name,
    isOurs,
    async start(stage) {
      const target = await open(stage)
      if (typeof target === 'string') return target
      const wrong = await findWrong(target.port).catch((error: unknown) => [String(error)])
      if (wrong.length === 0) return running(target)
      await target.close()
      throw new Error(`${name} does not do its job: ${wrong.join('; ')}`)
    },
  }
}

/** Streams that have just been opened are still costing their opening. */
const SETTLE_MS = 300
