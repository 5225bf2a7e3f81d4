/**
 * What is counted of requests, from the rows of the request log, in plain numbers: a counter of prom-client looks its labels up by a text that it makes of them,
 * and with six of them counting took a fifth of what a refusal takes.
 */
import type { RequestRow } from 'tollgate/journal'
import { DurationTally } from './duration-tally.ts'
import { foundIn } from './found-in.ts'
import { countedFailure } from './counted-failure.ts'

export class RouteTally {
  readonly statuses = new Map<number, number>()
  readonly durations = new DurationTally()
}

export class ApiTally {
  bytesIn = 0
  bytesOut = 0
  readonly routes = new Map<string, RouteTally>()
  /** By entry, then by reason. */
  readonly refusals = new Map<string, Map<string, number>>()
  readonly attempts = new DurationTally()
  readonly failures = new Map<string, number>()
}

/** Where a request belongs to nothing that has a name. */
const NONE = 'none'

export class RequestTally {
  readonly apis = new Map<string, ApiTally>()

  count(row: RequestRow): void {
    const { api = NONE, route = NONE, status, refusal, durationMs, bytesIn, bytesOut, upstream } = row
    const ofApi = foundIn(this.apis, api, newApi)
    const ofRoute = foundIn(ofApi.routes, route, newRoute)
    addTo(ofRoute.statuses, status)
    ofRoute.durations.add(durationMs / 1_000)
    ofApi.bytesIn += bytesIn
    ofApi.bytesOut += bytesOut
    if (refusal !== undefined) addTo(foundIn(ofApi.refusals, refusal.entry === '' ? NONE : refusal.entry, newCounts), refusal.reason)
    for (const attempt of upstream) {
      ofApi.attempts.add(attempt.durationMs / 1_000)
      const failure = countedFailure(attempt, row)
      if (failure !== undefined) addTo(ofApi.failures, failure)
    }
  }
}

const newApi = (): ApiTally => new ApiTally()
const newRoute = (): RouteTally => new RouteTally()
const newCounts = (): Map<string, number> => new Map()

function addTo<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
