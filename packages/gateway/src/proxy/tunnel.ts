/**
 * Two sockets joined: bytes pass as they are, each side only as fast as the other one reads. Where the contract has a form for it, it also follows the frames of
 * the service, so that an end that is not the service's own can be said in between:
 *
 *   passing → ending → said → over
 *                └→ over          no end of a message in time, or no frames at all: it is cut
 *
 * `ending`: what the service is saying goes on to its end. `said`: the message and the close are out, the caller answers the close and its answer goes to the
 * service, which so ends too; what the service still says is dropped. Each of them is bounded in time.
 */
import type { Duplex } from 'node:stream'
import type { WebSocketEnd } from 'tollgate/contract'
import type { UpstreamFailure } from 'tollgate/gate'
import { afterOnMachine } from '../platform/system-clock.ts'
import { FrameFollower, type FrameRules } from './frame-follower.ts'
import { formatCloseFrame, formatTextFrame } from './own-frames.ts'

/** A WebSocket does not live on half (RFC 6455 section 7.1.1), but not every service looks at its caller's end: so long it may still say something. */
const ENDING_MS = 5_000
/** So long the end of a message is waited for. Less than a drain waits for what it has asked to end. */
const MESSAGE_MS = 500
/** So long the caller has to answer a close. */
const ANSWER_MS = 2_000

/** `closed`: in order. */
export type TunnelEnd = { readonly kind: 'closed' } | UpstreamFailure

export type TunnelEnded = (end: TunnelEnd, bytesIn: number, bytesOut: number) => void

/** How a WebSocket is told that it ends. */
export interface TunnelWords {
  readonly say: (failure: UpstreamFailure) => WebSocketEnd | undefined
  /** What may stand in its frames, by its handshake; undefined: nobody knows. */
  readonly compressed: boolean | undefined
}

export interface Tunnel {
  /** It ends since we say so. `isFailure`: that is how it is told and logged; otherwise it has ended in order. */
  end(failure: UpstreamFailure, isFailure: boolean): void
}

const callerBroke: UpstreamFailure = { kind: 'client_gone', detail: 'the caller reset its connection' }
const upstreamBroke: UpstreamFailure = { kind: 'reset', detail: 'the upstream reset its connection' }
const upstreamLeft: UpstreamFailure = { kind: 'reset', detail: 'the upstream ended its connection without a close frame' }

export function joinSockets(caller: Duplex, upstream: Duplex, words: TunnelWords | undefined, ended: TunnelEnded): Tunnel {
  let bytesIn = 0
  let bytesOut = 0
  let told: TunnelEnd | undefined
  let open = 2
  let phase: 'passing' | 'ending' | 'said' | 'over' = 'passing'
  let last: WebSocketEnd | undefined
  let cancelTimer: (() => void) | undefined
  const isLost = words?.compressed === undefined
  const rules = (masked: boolean): FrameRules => ({ masked, compressed: words?.compressed === true })
  const said = new FrameFollower(rules(false), isLost)
  const heard = new FrameFollower(rules(true), isLost)

  function pass(from: Duplex, to: Duplex, chunk: Buffer): void {
    if (chunk.length > 0 && to.writable && !to.write(chunk)) from.pause()
  }

  function closeSide(side: Duplex): void {
    side.end(() => side.once('close', afterOnMachine(ENDING_MS, () => side.destroy())))
  }

  function wait(ms: number, then: () => void): void {
    cancelTimer?.()
    cancelTimer = afterOnMachine(ms, then)
  }

  /** Both sides end as they stand, also one that takes nothing any more. */
  function over(): void {
    if (phase === 'over') return
    phase = 'over'
    upstream.resume()
    for (const side of [caller, upstream]) side.end()
    wait(ENDING_MS, () => {
      for (const side of [caller, upstream]) side.destroy()
    })
  }

  /** In `fragments` a message would stand in another; a close may. */
  function speak(): void {
    if (last === undefined || said.closes || !caller.writable) return over()
    const message = last.frame === undefined || said.place !== 'messages' ? [] : [formatTextFrame(last.frame)]
    const own = Buffer.concat([...message, formatCloseFrame(last.closeCode, last.closeReason)])
    bytesOut += own.length
    caller.write(own)
    phase = 'said'
    upstream.resume()
    if (heard.closed) over()
    else wait(ANSWER_MS, over)
  }

  function wordsFor(failure: UpstreamFailure): WebSocketEnd | undefined {
    return said.place === 'lost' || said.closes ? undefined : words?.say(failure)
  }

  function end(failure: UpstreamFailure, isFailure: boolean): void {
    if (phase !== 'passing') return
    told ??= isFailure ? failure : { kind: 'closed' }
    last = wordsFor(failure)
    if (last === undefined) return over()
    if (said.place === 'messages') return speak()
    phase = 'ending'
    wait(MESSAGE_MS, () => (said.place === 'fragments' ? speak() : over()))
  }

  /** No more comes from the service. Whether the caller is told, or has been. */
  function isToldThat(failure: UpstreamFailure): boolean {
    if (phase === 'said' || phase === 'over') return true
    const isOrderly = said.place === 'lost' || said.closes || heard.closes || caller.readableEnded
    if (phase === 'passing' && isOrderly) return false
    if (phase === 'passing') last = wordsFor(failure)
    told ??= failure
    if (last === undefined || said.place === 'frame') return false
    speak()
    return true
  }

  upstream.on('data', (chunk: Buffer) => {
    if (phase === 'said' || phase === 'over') return
    const taken = said.take(chunk, phase === 'ending')
    bytesOut += taken
    pass(upstream, caller, taken === chunk.length ? chunk : chunk.subarray(0, taken))
    if (phase !== 'ending') return
    if (said.place === 'lost') over()
    else if (said.place === 'messages') speak()
  })
  caller.on('data', (chunk: Buffer) => {
    heard.take(chunk)
    bytesIn += chunk.length
    pass(caller, upstream, chunk)
    if (phase === 'said' && heard.closed) over()
  })
  caller.on('drain', () => upstream.resume())
  upstream.on('drain', () => caller.resume())
  caller.on('end', () => (phase === 'said' ? over() : closeSide(upstream)))
  upstream.on('end', () => {
    if (!isToldThat(upstreamLeft)) closeSide(caller)
  })
  caller.on('error', () => (told ??= callerBroke))
  upstream.on('error', () => (told ??= upstreamBroke))

  /** A side that closes without an end broke; the other one must not wait for more. */
  function closed(side: Duplex, other: Duplex): void {
    if (!side.readableEnded && (side === caller || !isToldThat(upstreamBroke))) other.destroy()
    open -= 1
    if (open > 0) return
    cancelTimer?.()
    ended(told ?? { kind: 'closed' }, bytesIn, bytesOut)
  }
  caller.on('close', () => closed(caller, upstream))
  upstream.on('close', () => closed(upstream, caller))
  caller.resume()
  upstream.resume()
  return { end }
}
