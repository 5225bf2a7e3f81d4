/**
 * The call API behind the proxy's own HTTP listener, as a gate that answers everything by itself: hostile bytes, slow bodies and the end of connections
 * are dealt with as in front. Errors are problem+json, even towards what is no HTTP. It answers under its own names only.
 */
import { problem } from 'tollgate/catalog'
import { refuse, type Refusal } from 'tollgate/contract'
import { answerWith, soleHeader, type Gate, type Verdict } from 'tollgate/gate'
import type { CallApi } from 'tollgate/settling'
import { isOwnHost } from '../platform/own-host.ts'

const BODY_BYTES_MAX = 65_536

export interface CallGateOptions {
  readonly api: CallApi
  /** Besides localhost and IP addresses; lower case. */
  readonly hostnames: readonly string[]
  readonly randomBytes: (count: number) => Uint8Array
  readonly nowMs: () => number
}

export function createCallGate({ api, hostnames, randomBytes, nowMs }: CallGateOptions): Gate {
  const answerOf = (refusal: Refusal) => problem.answer(refusal, { requestId: problem.mintRequestId(randomBytes(16)), nowMs: nowMs() })
  const refused = (refusal: Refusal): Verdict => answerWith(answerOf(refusal))

  return {
    refuseRaw: (reason, facts, { cause }) => answerWith(answerOf(refuse(reason, facts, { source: 'client', cause }))),
    async begin(call) {
      if (!isOwnHost(soleHeader(call.headers, 'host') ?? '', hostnames)) return refused(refuse('permission.denied', { issue: 'the call API is not served under this host name; see calls.url' }))
      const read = await call.readBody(BODY_BYTES_MAX)
      switch (read.kind) {
        case 'complete':
          return answerWith(await api.handle(call.method, call.target.split('?', 1)[0] ?? '', read.bytes))
        case 'too_large':
          return refused(refuse('request.too_large', { bytesMax: BODY_BYTES_MAX, issue: `the body is larger than ${BODY_BYTES_MAX} bytes` }))
        default:
          return refused(refuse('request.invalid', { issue: 'the body did not arrive' }))
      }
    },
  }
}
