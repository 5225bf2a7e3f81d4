/** The end of a listener: nothing new, everything begun answered, what cannot be is cut at the deadline. */
import type { Server } from 'node:http'
import type { Connection } from './connection.ts'
import type { FrontCore } from './front-core.ts'

export interface DrainReport {
  /** Requests that were still answered. */
  readonly answered: number
  /** WebSockets that were closed at the deadline: they have no end of their own. */
  readonly webSocketsClosed: number
  /** Requests that were cut at the deadline. */
  readonly cut: number
  /** Calls without a caller (theirs had gone, or was cut) that had not ended either when the time was up. */
  readonly unfinished: number
}

/** What was asked to end may take so long for it. */
const CLOSE_MS = 1_000

export async function drainFront(core: FrontCore, server: Server, connections: ReadonlyMap<unknown, Connection>, deadlineMs: number): Promise<DrainReport> {
  core.draining = true
  const untilMs = core.clock.monotonicMs() + deadlineMs
  const answeredBefore = core.answered
  const closed = new Promise<'closed'>((resolve) => server.close(() => resolve('closed')))
  server.closeIdleConnections()
  for (const connection of connections.values()) connection.feed?.closeIfIdle()
  let webSocketsClosed = 0
  let cut = 0
  if ((await Promise.race([closed, passed(core, deadlineMs)])) !== 'closed') {
    for (const connection of connections.values()) {
      if (connection.tunnel !== undefined) {
        webSocketsClosed += 1
        connection.tunnel.close()
      } else {
        if (connection.busy) cut += 1
        connection.abandon()
      }
    }
    if (webSocketsClosed > 0 && (await Promise.race([closed, passed(core, CLOSE_MS)])) !== 'closed') {
      for (const connection of connections.values()) connection.abandon()
    }
    await closed
  }
  // A connection is gone before the gate has recorded the end of its call, and a keyed call goes on without its caller. Whoever closes the store
  // next relies on all being recorded.
  await noneOpen(core, Math.max(CLOSE_MS, untilMs - core.clock.monotonicMs()))
  const unfinished = core.open
  await core.routing.carrier?.close()
  if (unfinished > 0) await noneOpen(core, CLOSE_MS)
  return { answered: core.answered - answeredBefore, webSocketsClosed, cut, unfinished }
}

async function noneOpen(core: FrontCore, withinMs: number): Promise<void> {
  if (core.open > 0) await Promise.race([new Promise<void>((resolve) => (core.onNoneOpen = resolve)), passed(core, withinMs)])
}

function passed(core: FrontCore, ms: number): Promise<'passed'> {
  return new Promise((resolve) => core.clock.after(ms, () => resolve('passed')))
}
