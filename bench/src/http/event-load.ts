/** Many open streams of events: how many come, and how long each was on its way. The upstream writes into each when it wrote it, by the clock of this machine. */
import { openSocket, type Requested } from './load.ts'

export interface OpenStreams {
  measure(ms: number): Promise<{ readonly events: number; readonly ms: number; readonly p50Ms: number; readonly p99Ms: number }>
  close(): void
}

const MARK = '"at":'
const ARRIVE_MS_MAX = 120_000

/** Resolves when each has had its first event. */
export async function openStreams(asked: Requested, count: number): Promise<OpenStreams> {
  let delaysMs: number[] | undefined
  let isClosing = false
  let failed: (error: Error) => void = () => undefined
  const failure = new Promise<never>((_resolve, reject) => (failed = reject))
  failure.catch(() => undefined)

  async function openOne(): Promise<() => void> {
    const socket = await openSocket(asked.port)
    let first: () => void = () => undefined
    const begun = new Promise<void>((resolve) => (first = resolve))
    let isHead = true
    let rest = ''
    socket.on('data', (chunk) => {
      let text = rest + chunk.toString('latin1')
      if (isHead) {
        const end = text.indexOf('\r\n\r\n')
        if (end === -1) return void (rest = text)
        if (!text.startsWith(`HTTP/1.1 ${asked.status}`)) return failed(new Error(`expected ${asked.status}, got ${text.slice(0, 100)}`))
        isHead = false
        text = text.slice(end)
      }
      const nowMicros = Number(process.hrtime.bigint() / 1_000n)
      let read = 0
      for (let at = text.indexOf(MARK); at !== -1; at = text.indexOf(MARK, read)) {
        const end = text.indexOf('}', at)
        if (end === -1) break
        read = end
        delaysMs?.push((nowMicros - Number(text.slice(at + MARK.length, end))) / 1_000)
        first()
      }
      rest = text.slice(Math.max(read, text.length - 512))
    })
    socket.on('error', failed)
    socket.on('close', () => isClosing || failed(new Error('a stream was closed')))
    socket.write(asked.request)
    await begun
    return () => socket.destroy()
  }

  const timer = setTimeout(() => failed(new Error(`streams did not begin: ${closers.length} of ${count} are open`)), ARRIVE_MS_MAX)
  const closers: (() => void)[] = []
  // By and by: what is measured are open streams, not a flood of handshakes.
  for (let opened = 0; opened < count; opened += 50) {
    closers.push(...(await Promise.race([failure, Promise.all(Array.from({ length: Math.min(50, count - opened) }, openOne))])))
  }
  clearTimeout(timer)

  return {
    async measure(ms) {
      const delays: number[] = (delaysMs = [])
      const startedMs = performance.now()
      await Promise.race([failure, new Promise((resolve) => setTimeout(resolve, ms))])
      delaysMs = undefined
      const sorted = Float64Array.from(delays).toSorted()
      const quantile = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
      return { events: sorted.length, ms: performance.now() - startedMs, p50Ms: quantile(0.5), p99Ms: quantile(0.99) }
    },
    close() {
      isClosing = true
      for (const close of closers) close()
    },
  }
}
