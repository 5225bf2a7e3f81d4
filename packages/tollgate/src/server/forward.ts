/** An admitted call on its way to the upstream and back: what is sent along, and how each outcome ends. */
import { refuse, type Refusal } from '../contract/refusal.ts'
import type { Answer } from '../contract/wire.ts'
import type { Completion, Forward, UpstreamFailure } from './call.ts'
import { contextHeaders } from './context-headers.ts'
import { corsHeaders } from './cors.ts'
import type { RouteOptions } from './gate-options.ts'
import { mediaType } from './headers.ts'
import { refusalOfAnswer, refusalOfFailure } from './upstream-refusal.ts'
import type { CallInProgress, WayOut } from './way-out.ts'

/** More of an upstream's error body is not read: it is translated, not shown. */
const ERROR_BODY_BYTES_MAX = 65_536

/** What the log says when the caller went away before an answer (nginx's convention; never on the wire). */
const CLIENT_GONE_STATUS = 499

export interface Departure {
  readonly current: CallInProgress
  readonly route: RouteOptions
  /** What the upstream is asked for. */
  readonly target: string
  readonly wayOut: WayOut
  /** Called once, when the call has ended: one less in flight. */
  readonly left: () => void
  readonly alert: (message: string) => void
}

export function createForward({ current, route, target, wayOut, left, alert }: Departure): Forward {
  const { api, call, log, body } = current
  const { contract } = api
  const context = wayOut.context(current)
  const bodyBytesMax = route.bodyBytesMax ?? api.bodyBytesMax
  let ended = false

  /** Only the first ending counts; the carrier may report a broken socket after it has already answered. */
  function end(): boolean {
    if (ended) return false
    ended = true
    left()
    return true
  }

  async function refused(refusal: Refusal, completion: Completion): Promise<Answer> {
    if (!end()) return contract.answer(refuse('internal'), context)
    if (refusal.reason !== 'aborted') return wayOut.answer(current, refusal, completion)
    wayOut.log(log.row(CLIENT_GONE_STATUS, { refusal, entry: undefined, message: 'the caller went away' }, completion))
    return contract.answer(refuse('internal'), context)
  }

  return {
    requestId: log.requestId,
    upstream: route.upstream ?? api.upstream,
    target,
    contextHeaders: contextHeaders(log.requestId, log.principal, log.readings),
    withheldHeaders: api.credentials?.from.map(({ header }) => header.toLowerCase()) ?? [],
    answerHeaders: [
      contract.requestIdHeader,
      log.requestId,
      ...(context.limit === undefined ? [] : contract.rateLimitHeaders(context.limit, context.nowMs)),
      ...corsHeaders(api, call.headers),
    ],
    ...(body !== undefined && { body }),
    bodyBytesMax,
    timeouts: { ...api.timeouts, ...route.timeouts },

    judge: (status) => (status < 400 ? { kind: 'pass' } : { kind: 'read', bytesMax: ERROR_BODY_BYTES_MAX }),

    answerFor(status, headers, read, completion) {
      const translated = refusalOfAnswer(contract, status, headers, read)
      if (translated.alert !== undefined) alert(translated.alert)
      return refused(translated.refusal, completion)
    },

    failed(failure, completion) {
      return refused(refusalOfFailure(failure, bodyBytesMax), completion)
    },

    async brokenMidStream(failure: UpstreamFailure, status, headers, completion) {
      if (!end()) return undefined
      const refusal = refusalOfFailure(failure, bodyBytesMax)
      const gone = refusal.reason === 'aborted'
      if (!gone) await wayOut.uncount(log, refusal)
      const entry = gone ? undefined : contract.entryFor(refusal.reason, refusal.facts)
      const message = gone ? 'the caller went away' : contract.render(refusal, context).message
      wayOut.log(log.row(status, { refusal, entry, message, midStream: true }, completion))
      return gone || mediaType(headers) !== 'text/event-stream' ? undefined : contract.streamFrame(refusal, context)
    },

    async completed(status, completion) {
      if (!end()) return
      log.mark('answered')
      wayOut.log(log.row(status, undefined, completion))
    },
  }
}
