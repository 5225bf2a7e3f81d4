/** Never more admitted than the limit, as the service saw it; what a crash may forget is stated: counts of the last quarter of a second, and slots. */

/** A call in the hands of the service. `untilMs` undefined: its process died before it let go of it. */
export interface Visit {
  readonly kind: string
  readonly account: string
  readonly atMs: number
  untilMs: number | undefined
}

/** The limits of the shop. */
const WINDOW_MS = 1_000
const POOR_REQUESTS = 25
const SLOTS = 2
/** `flushMs` of the store: counts that were not written yet may be gone. */
const FORGOTTEN_MS = 250
/** On a disk in trouble they stand in memory for a second, and for as long as what it was asked before takes. */
const TROUBLED_MS = 5_000

const counted = new Set(['plain', 'words', 'said'])

/** A process that stood still: what it had decided before goes out when it goes on, and what it held meanwhile may be over. */
export interface Stall {
  readonly fromMs: number
  readonly untilMs: number
}

export interface Seen {
  readonly visits: readonly Visit[]
  readonly deaths: readonly number[]
  readonly stalls: readonly Stall[]
}

export function judgeLimits(seen: Seen, troubled: boolean): string[] {
  return [...judgeWindows(seen, troubled ? TROUBLED_MS : FORGOTTEN_MS), ...judgeSlots(seen)]
}

function judgeWindows({ visits, deaths, stalls }: Seen, forgottenMs: number): string[] {
  const windows = new Map<number, Visit[]>()
  for (const visit of visits) {
    if (visit.account !== 'poor' || !counted.has(visit.kind)) continue
    const startMs = Math.floor(visit.atMs / WINDOW_MS) * WINDOW_MS
    windows.set(startMs, [...(windows.get(startMs) ?? []), visit])
  }
  return [...windows].flatMap(([startMs, admitted]) => {
    if (stalls.some(({ untilMs }) => untilMs >= startMs && untilMs < startMs + WINDOW_MS)) return []
    const forgotten = admitted.filter(({ atMs }) => deaths.some((deathMs) => atMs <= deathMs && atMs >= deathMs - forgottenMs))
    const most = POOR_REQUESTS + forgotten.length
    return admitted.length <= most ? [] : [`${admitted.length} requests of the poor account were admitted in the second from ${startMs}, at most ${most} may be`]
  })
}

/** At the instant at which each of them came. A slot is volatile: a crash frees it. */
function judgeSlots({ visits, deaths, stalls }: Seen): string[] {
  const mine = visits.filter(({ kind }) => kind === 'slot')
  const ends = [...deaths, ...stalls.map(({ untilMs }) => untilMs)]
  return mine.flatMap((visit, at) => {
    const isBeside = (other: Visit): boolean => other.account === visit.account && (other.untilMs ?? Infinity) > visit.atMs && !ends.some((endMs) => endMs >= other.atMs && endMs <= visit.atMs)
    const beside = mine.slice(0, at).filter(isBeside).length + 1
    return beside <= SLOTS ? [] : [`${beside} calls of ${visit.account} had a slot at ${visit.atMs}, at most ${SLOTS} may`]
  })
}
