/** Sends the requests of a check, never one more than it may, and remembers what the answers teach: ids, entries, whether the API is there and well. */
import type { Contract } from 'tollgate/contract'
import { judgeAnswer } from './judge/judge-answer.ts'
import type { JudgeContext } from './judge/judge-context.ts'
import type { TriedAnswer } from './judge/judge-step.ts'
import { receivedHeaders, type ProbeExchange, type Transport } from './probe-exchange.ts'
import { fillRequest, type ProbeRequest, type Values } from './probe-request.ts'

export interface SenderOptions {
  readonly contract: Contract
  readonly url: string
  readonly transport: Transport
  readonly signal: AbortSignal
  readonly requestsMax: number
  readonly secrets: Values
}

export interface ProbeSender {
  readonly context: JudgeContext
  /** Entries as they were read. */
  readonly met: ReadonlySet<string>
  requests(): number
  left(): number
  /** Why nothing more is to be sent. */
  stopped(): string | undefined
  send(request: ProbeRequest, values: Values): Promise<TriedAnswer>
  /** `expectsFailure`: a status of 500 or more is what is asked for. */
  learn(answer: TriedAnswer, expectsFailure: boolean): void
}

/** So many answers of the API's own failure in a row are an outage, and probes make it worse. */
const STORM = 5
/** So many requests without an answer: nobody is there. */
const SILENCE = 3

export function createProbeSender({ contract, url: address, transport, signal, requestsMax, secrets }: SenderOptions): ProbeSender {
  const url = new URL(address)
  const seenIds = new Set<string>()
  const met = new Set<string>()
  const context: JudgeContext = { contract, secrets: Object.values(secrets), ownHosts: [url.host, url.hostname, ...(isHere(url) ? ['localhost', '127.0.0.1'] : [])], seenIds }
  let requests = 0
  let answered = 0
  let silence = 0
  let storm = 0
  let stopped: string | undefined

  async function exchangeOf(request: ProbeRequest, values: Values): Promise<ProbeExchange> {
    const filled = fillRequest(request, values)
    // The bound holds whatever the plan says.
    if (requests >= requestsMax) return { kind: 'failed', request: filled, fault: 'no requests are left (--max-requests)' }
    requests += 1
    const exchange = await transport(filled, signal)
    silence = exchange.kind === 'failed' ? silence + 1 : 0
    if (exchange.kind === 'answered') answered += 1
    else if (!signal.aborted && (silence >= SILENCE || answered === 0)) stopped ??= `the API does not answer: ${exchange.fault}`
    return exchange
  }

  return {
    context,
    met,
    requests: () => requests,
    left: () => requestsMax - requests,
    stopped: () => stopped ?? (signal.aborted ? 'stopped by a signal' : undefined),
    async send(request, values) {
      const exchange = await exchangeOf(request, values)
      return { exchange, judged: exchange.kind === 'answered' ? judgeAnswer(exchange, context) : undefined }
    },
    learn({ exchange, judged }, expectsFailure) {
      if (exchange.kind !== 'answered') return
      const { status } = exchange.answer
      const id = receivedHeaders(exchange.answer)[contract.requestIdHeader.toLowerCase()]
      if (id !== undefined) seenIds.add(id)
      if (judged?.entry !== undefined) met.add(judged.entry.id)
      storm = status >= 500 && !expectsFailure ? storm + 1 : 0
      if (storm >= STORM) stopped ??= `${STORM} answers with ${status} or the like in a row: the API is in trouble, and probes are no help`
    },
  }
}

function isHere({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname.startsWith('127.') || hostname === '[::1]'
}
