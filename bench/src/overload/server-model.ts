/** Servers in trouble, as models: what becomes of a request that arrives now. */
import type { Time } from './timeline.ts'

export interface SentRequest {
  readonly method: string
  readonly path: string
  readonly headers: { readonly [name: string]: string }
}

/** What the client gets to see. `reset`: the connection breaks. Never called: it hangs. */
export type Fate = { readonly kind: 'answer'; readonly status: number; readonly headers: { readonly [name: string]: string }; readonly fault?: Fault } | { readonly kind: 'reset' }

/** Which refusal it is; each API has its own words for it. */
export type Fault = 'overloaded' | 'rate limit' | 'quota' | 'no credit' | 'wrong input' | 'wrong key' | 'forbidden' | 'unknown' | 'late'

/** Takes a request, and lets go of it when its time has come. It does not notice that a client has hung up. */
export type ServerModel = (request: SentRequest, settle: (fate: Fate) => void) => void

export const succeed: Fate = { kind: 'answer', status: 200, headers: {} }

export const refuse = (status: number, fault: Fault, headers: { readonly [name: string]: string } = {}): Fate => ({ kind: 'answer', status, headers, fault })

/** How long a request takes that nothing holds up. */
const BRISK_MS = 5

export const always = (time: Time, fate: Fate): ServerModel => (_request, settle) => void time.after(BRISK_MS, () => settle(fate))

/** Each request fails by itself with this probability. */
export const failing = (time: Time, share: number, random: () => number): ServerModel => (_request, settle) => {
  const fate = random() < share ? refuse(503, 'overloaded') : succeed
  time.after(BRISK_MS, () => settle(fate))
}

/** Each request is left without an answer by itself with this probability. */
export const hanging = (time: Time, share: number, random: () => number): ServerModel => (_request, settle) => {
  if (random() >= share) time.after(BRISK_MS, () => settle(succeed))
}

export interface QueueOptions {
  readonly perSecond: number
  /** More waiting than this, and the next one gets 503 at once. */
  readonly queueMax: number
  /** When it can do less, and how much. */
  readonly dip: { readonly fromMs: number; readonly toMs: number; readonly perSecond: number }
}

/** First come, first served, one after the other. What it does in a second changes at the ends of the dip, also in the middle of a request. */
export function queueing(time: Time, { perSecond, queueMax, dip }: QueueOptions): ServerModel {
  const waiting: ((fate: Fate) => void)[] = []
  let isBusy = false
  /** When the last work was done, or should have been: timers of a real clock are late. */
  let freeAtMs = 0

  /** When one request's work is done that begins then. */
  function doneMs(fromMs: number): number {
    let [atMs, left] = [fromMs, 1]
    for (const [untilMs, rate] of [[dip.fromMs, perSecond], [dip.toMs, dip.perSecond]] as const) {
      if (atMs >= untilMs) continue
      const neededMs = (left * 1_000) / rate
      // A millionth is rounding.
      if (atMs + neededMs <= untilMs + 1e-6) return atMs + neededMs
      left -= ((untilMs - atMs) * rate) / 1_000
      atMs = untilMs
    }
    return atMs + (left * 1_000) / perSecond
  }

  function work(fromMs: number): void {
    const next = waiting.shift()
    if (next === undefined) return
    isBusy = true
    freeAtMs = doneMs(fromMs)
    time.after(freeAtMs - time.nowMs(), () => {
      isBusy = false
      next(succeed)
      work(freeAtMs)
    })
  }

  return (_request, settle) => {
    if (waiting.length >= queueMax) return void time.after(1, () => settle(refuse(503, 'overloaded')))
    waiting.push(settle)
    if (!isBusy) work(Math.max(freeAtMs, time.nowMs()))
  }
}
