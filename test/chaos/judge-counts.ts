/**
 * Never more than the limit, over all gateways; never a refusal while there was room. By callers' own clocks: a count was made between request and answer, and nobody knows when, so that
 * whatever is found here cannot have been right at any instant.
 */
import { countedMeters, limits, type Counted, type CountedMeter, type Outage } from './counts.ts'

/** Counts of so long before a crash of Postgres may be forgotten: they do not wait for its disk (`synchronous_commit = off` writes within three times 200 ms). */
const TAIL_MS = 1_000
/** A store that has not answered in time may do what it was asked for so much longer. */
const LATE_MS = 6_000
/** The slots of a gateway that died count until its heart has stopped for others. */
const HEART_MS = 10_000
/** A slot comes free when its answer has ended, and that is written behind the answer. */
const FREED_MS = 2_000

export function judgeCounts(counts: readonly Counted[], outages: readonly Outage[], slackMs: number): string[] {
  return countedMeters.flatMap((meter) => {
    const own = counts.filter((each) => each.meter === meter)
    return [...judgeMost(meter, own, outages), ...judgeRoom(meter, own, outages, slackMs)]
  })
}

function judgeMost(meter: CountedMeter, own: readonly Counted[], outages: readonly Outage[]): string[] {
  const declared = limits[meter]
  const admitted = own.filter(({ outcome }) => outcome === 'admitted').toSorted((a, b) => a.startMs - b.startMs)
  switch (declared.kind) {
    case 'window':
      return admitted.flatMap(({ startMs }, at) => {
        const within: Counted[] = []
        // What was asked for and answered within one window was counted within it.
        for (const each of admitted.slice(at)) {
          if (each.startMs >= startMs + declared.windowMs) break
          if (each.endMs < startMs + declared.windowMs) within.push(each)
        }
        const most = mostOf(declared.limit, within, outages, startMs, startMs + declared.windowMs)
        return within.length <= most ? [] : [`${within.length} calls took ${meter} between ${startMs} and ${startMs + declared.windowMs}, at most ${most} may`]
      })
    case 'quota': {
      const most = mostOf(declared.limit, admitted, outages, -Infinity, Infinity)
      return admitted.length <= most ? [] : [`${admitted.length} calls took ${meter}, at most ${most} may`]
    }
    case 'slot':
      return judgeSlots(admitted, declared.limit, outages)
  }
}

function mostOf(limit: number, within: readonly Counted[], outages: readonly Outage[], fromMs: number, untilMs: number): number {
  const touched = outages.filter((outage) => outage.fromMs <= untilMs && outage.untilMs >= fromMs)
  return touched.reduce((most, outage) => {
    const forgotten = outage.counts.includes('tail') ? within.filter(({ startMs, endMs }) => startMs <= outage.fromMs && endMs >= outage.fromMs - TAIL_MS).length : 0
    return most + forgotten + (outage.counts.includes('all') ? limit : 0) + (outage.counts.includes('local') ? limit : 0)
  }, limit)
}

/** At the instant at which each of them came to the service. */
function judgeSlots(admitted: readonly Counted[], limit: number, outages: readonly Outage[]): string[] {
  return admitted.flatMap(({ worked }) => {
    if (worked === undefined) return []
    const beside = admitted.filter((other) => other.worked !== undefined && other.worked.fromMs <= worked.fromMs && other.worked.untilMs > worked.fromMs)
    const isTouched = outages.some((outage) => outage.fromMs <= worked.untilMs && outage.untilMs >= Math.min(...beside.map(({ startMs }) => startMs)))
    return beside.length <= limit || isTouched ? [] : [`${beside.length} calls had a slot at ${worked.fromMs}, at most ${limit} may`]
  })
}

/** Whoever was refused: as many as the limit can have counted at that time. */
function judgeRoom(meter: CountedMeter, own: readonly Counted[], outages: readonly Outage[], slackMs: number): string[] {
  const declared = limits[meter]
  const others = own.filter(({ outcome }) => outcome !== 'refused')
  return own.flatMap((refused) => {
    if (refused.outcome !== 'refused') return []
    const countedFor = { window: declared.kind === 'window' ? declared.windowMs : 0, quota: Infinity, slot: FREED_MS + slackMs }[declared.kind]
    const lateMs = declared.kind === 'slot' ? HEART_MS + LATE_MS : LATE_MS
    const fromMs = refused.startMs - countedFor
    // A share of the limit is all that a gateway has which counts by itself.
    if (outages.some((outage) => outage.counts.includes('local') && outage.fromMs <= refused.endMs && outage.untilMs >= refused.startMs)) return []
    const maybe = others.filter(({ startMs, endMs, outcome }) => startMs <= refused.endMs && endMs + (outcome === 'unknown' ? lateMs : 0) >= fromMs).length
    return maybe >= declared.limit ? [] : [`${meter} was refused between ${refused.startMs} and ${refused.endMs}, when at most ${maybe} of ${declared.limit} were taken`]
  })
}
