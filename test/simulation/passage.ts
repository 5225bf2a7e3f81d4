/**
 * An admitted call on its way to the service and back, as the program's proxy takes it, without sockets. A caller who went away is nobody's to tell; a call
 * that outlives its caller goes on all the same.
 */
import type { Answer } from 'tollgate/contract'
import type { Admitted, HeldBody, UpstreamFailure } from 'tollgate/gate'
import type { Asked } from '../chaos/caller.ts'
import type { Reply } from '../chaos/history.ts'
import { ANSWER_MS } from '../chaos/shop.ts'
import type { Incoming, Outgoing } from '../chaos/workshop.ts'
import type { Life } from './life.ts'

export interface Passage {
  readonly reply: Promise<Reply>
  callerGone(): void
}

/** Brings it to the service; the returned function is called when the service is let go of. */
export type Handle = (request: Incoming, response: Outgoing) => () => void

type Phase = 'collect' | 'headers' | 'read' | 'pass' | 'ending' | 'over'

const completion = { bytesIn: 0, bytesOut: 0, attempts: [] }
const gone = (sent: boolean): UpstreamFailure => ({ kind: 'client_gone', detail: 'the caller went away', sent })

export function createPassage(admitted: Admitted, asked: Asked, life: Life, handle: Handle): Passage {
  let phase: Phase = 'collect'
  let status = 0
  let headers: readonly string[] = []
  let chunks: string[] = []
  let held: HeldBody | undefined
  let tap: ((chunk: Uint8Array) => void) | undefined
  let endsWithCaller: (() => boolean) | undefined
  let isAtOnce = false
  let isHeadOut = false
  let callerLeft = false
  let cancel: (() => void) | undefined
  let letGo: (() => void) | undefined
  let tell: (reply: Reply) => void = () => undefined
  const reply = new Promise<Reply>((resolve) => (tell = resolve))
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

  const whole = (body: string): Reply => ({ ...aboutOf([...headers, ...admitted.answerHeaders]), kind: 'answer', status, body })

  function wait(ms: number, failure: UpstreamFailure): void {
    cancel?.()
    cancel = life.clock.after(ms, () => breakOff(failure))
  }

  /** What a dead process would still say is said to nobody. */
  async function conclude(decide: () => Promise<Reply>): Promise<void> {
    phase = 'over'
    cancel?.()
    letGo?.()
    const said = await decide()
    if (!life.isDead) tell(said)
  }

  const answerBy = (decide: () => Promise<Answer>): Promise<void> => conclude(async () => toReply(await decide()))
  const endRead = (body: string | undefined): Promise<void> => answerBy(() => admitted.answerFor(status, headers, body === undefined ? undefined : encode(body), completion))

  function breakOff(failure: UpstreamFailure): void {
    if (phase === 'over' || phase === 'ending') return
    const isHeld = held !== undefined
    if (phase === 'read' && failure.kind !== 'client_gone') return void endRead(undefined)
    // What was held back goes out, since no more will come of it.
    const hasBegun = phase === 'pass' && (isHeadOut || callerLeft || !isHeld)
    if (!hasBegun) return void answerBy(() => admitted.failed(failure, completion))
    void conclude(async () => {
      const frame = await admitted.brokenMidStream(failure, status, headers, completion)
      return frame === undefined ? { kind: 'broken', aborted: false } : whole(chunks.join('') + frame)
    })
  }

  function beginPassing(): void {
    held = undefined
    if (callerLeft && endsWithCaller?.() === true) return breakOff(gone(true))
    isHeadOut ||= !isAtOnce
    for (const chunk of chunks) tap?.(encode(chunk))
  }

  function onHead(given: number, said: { readonly [name: string]: string }): void {
    status = given
    headers = Object.entries(said).flat()
    wait(ANSWER_MS, { kind: 'timeout', phase: 'body', detail: 'silent' })
    const judgement = admitted.judge(status, headers)
    if (judgement.kind === 'read') return void (phase = 'read')
    phase = 'pass'
    ;({ tap, endsWithCaller, held } = judgement)
    const length = Number(said['content-length'] ?? -1)
    isAtOnce = length >= 0 && length <= (judgement.atOnceBytesMax ?? -1)
    if (held === undefined) beginPassing()
  }

  function onData(text: string): void {
    wait(ANSWER_MS, { kind: 'timeout', phase: 'body', detail: 'silent' })
    chunks.push(text)
    if (phase === 'pass' && held === undefined) tap?.(encode(text))
    else if (phase === 'pass' && held?.push(encode(text)) === false) beginPassing()
  }

  async function onEnd(): Promise<void> {
    if (phase === 'read') return endRead(chunks.join(''))
    if (phase === 'pass' && held !== undefined) {
      if (await held.isRefusal()) return endRead(chunks.join(''))
      beginPassing()
    }
    if (phase !== 'pass') return
    phase = 'ending'
    cancel?.()
    await conclude(async () => {
      try {
        const instead = await admitted.completed(status, completion, isHeadOut)
        return instead === undefined ? whole(chunks.join('')) : toReply(instead)
      } catch {
        return { kind: 'broken', aborted: false }
      }
    })
  }

  const response: Outgoing = {
    head: (given, said) => life.hear(() => (phase === 'headers' ? onHead(given, said) : undefined)),
    write: (text) => life.hear(() => (phase === 'read' || phase === 'pass' ? onData(text) : undefined)),
    end(text) {
      this.write(text)
      life.hear(() => (phase === 'read' || phase === 'pass' ? void onEnd() : undefined))
    },
    reset: () => life.hear(() => breakOff({ kind: 'reset', detail: 'the service broke the connection' })),
  }

  async function depart(): Promise<void> {
    if (admitted.dispatching !== undefined && !(await admitted.dispatching())) return breakOff({ kind: 'refused', detail: 'not dispatched' })
    if (phase !== 'collect' || life.isDead) return
    phase = 'headers'
    wait(ANSWER_MS, { kind: 'timeout', phase: 'headers', detail: 'no answer' })
    const withheld = new Set(admitted.withheldHeaders)
    const own = Object.entries(asked.headers).filter(([name]) => !withheld.has(name))
    letGo = handle({ path: admitted.target, headers: Object.fromEntries([...own, ...pairsOf(admitted.contextHeaders)]) }, response)
  }

  void depart()
  return {
    reply,
    callerGone() {
      const sent = phase !== 'collect'
      const outlives = sent && admitted.outlivesCaller === true && !(phase === 'pass' && held === undefined && endsWithCaller?.() === true)
      if (outlives) callerLeft = true
      else breakOff(gone(sent))
    },
  }
}

export function toReply({ status, headers, body }: Answer): Reply {
  return { kind: 'answer', status, body: typeof body === 'string' ? body : new TextDecoder().decode(body), ...aboutOf(headers) }
}

function aboutOf(flat: readonly string[]): { readonly type: string; readonly callId: string; readonly replayed: boolean } {
  const named = new Map(pairsOf(flat).map(([name, value]) => [name.toLowerCase(), value]))
  return { type: named.get('content-type') ?? '', callId: named.get('x-request-id') ?? '', replayed: named.get('idempotent-replayed') === 'true' }
}

function pairsOf(flat: readonly string[]): [name: string, value: string][] {
  return flat.flatMap((name, at) => (at % 2 === 0 ? [[name, flat[at + 1] ?? ''] as [string, string]] : []))
}
