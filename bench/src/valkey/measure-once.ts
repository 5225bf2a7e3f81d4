/** One contender for one round. */
import { Redis } from 'ioredis'

export interface Situation {
  readonly name: string
  /** Of each gateway. */
  readonly callers: number
  readonly accounts: number
  readonly gateways: number
}

export interface Round {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** CPU time for each admission, in µs: of this process, and of the server. */
  readonly clientMicros: number
  readonly serverMicros: number
}

export interface RunningContender {
  /** Admits one call of the account through the gateway; false where it is refused, which nobody here is. */
  admit(account: number, gateway: number): Promise<boolean>
  stop(): void
}

export async function measureOnce({ admit }: RunningContender, { callers, accounts, gateways }: Situation, admissions: number, url: string): Promise<Round> {
  const redis = new Redis(url)
  const before = await serverCpuMicros(redis)
  const cpu = process.cpuUsage()
  const begunMs = performance.now()
  const waits: number[] = []
  let next = 0
  let left = admissions
  await Promise.all(
    Array.from({ length: callers * gateways }, async (_, caller) => {
      while (left > 0) {
        left -= 1
        const askedMs = performance.now()
        next = (next + 7_919) % accounts
        if (!(await admit(next, caller % gateways))) throw new Error('refused')
        waits.push(performance.now() - askedMs)
      }
    }),
  )
  const seconds = (performance.now() - begunMs) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  const after = await serverCpuMicros(redis)
  redis.disconnect()
  const sorted = waits.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN
  return { perSecond: waits.length / seconds, p50Ms: at(0.5), p99Ms: at(0.99), clientMicros: (user + system) / waits.length, serverMicros: (after - before) / waits.length }
}

async function serverCpuMicros(redis: Redis): Promise<number> {
  const text = await redis.info('cpu')
  const seconds = (name: string): number => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(text)?.[1])
  return (seconds('used_cpu_sys') + seconds('used_cpu_user')) * 1e6
}
