/** The situations that a client meets, each with what its server does. A client is a process; a fleet is a hundred processes that know nothing of each other. */
import { always, failing, queueing, refuse, type QueueOptions, type ServerModel } from './server-model.ts'
import type { Timeline } from './timeline.ts'

export interface Load {
  readonly name: string
  readonly title: string
  readonly clients: number
  readonly perSecond: number
  readonly seconds: number
  server(timeline: Timeline, random: () => number): ServerModel
}

/** A server that can do 50 requests a second, and for three seconds only 5. Its queue of 200 is longer than anybody waits. */
export const dipFrom = (fromMs: number): QueueOptions => ({ perSecond: 50, queueMax: 200, dip: { fromMs, toMs: fromMs + 3_000, perSecond: 5 } })

export const DIP = dipFrom(5_000)

export const loads: readonly Load[] = [
  { name: 'outage', title: 'every request gets 503', clients: 1, perSecond: 20, seconds: 20, server: (timeline) => always(timeline, refuse(503, 'overloaded')) },
  { name: 'dip', title: 'a server of 50 requests a second does 5 for three seconds', clients: 1, perSecond: 40, seconds: 30, server: (timeline) => queueing(timeline, DIP) },
  { name: 'dip, fleet', title: 'the same load from 100 processes', clients: 100, perSecond: 40, seconds: 30, server: (timeline) => queueing(timeline, DIP) },
  { name: 'faults', title: '8 % of the requests get 503', clients: 1, perSecond: 40, seconds: 30, server: (timeline, random) => failing(timeline, 0.08, random) },
  { name: 'faults, fleet', title: 'the same from 100 processes', clients: 100, perSecond: 40, seconds: 30, server: (timeline, random) => failing(timeline, 0.08, random) },
]

export const ATTEMPT_TIMEOUT_MS = 1_000
