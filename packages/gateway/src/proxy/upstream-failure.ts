/** undici's and the system's errors in the words of the seam. */
import type { UpstreamFailure } from 'tollgate/gate'
import { codeOf } from '../platform/error-code.ts'

/** The connection broke where more was due; the rest of undici's errors about an answer mean that it was not HTTP. */
const broken = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ETIMEDOUT', 'UND_ERR_SOCKET', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'])

/** undici's name for an answer that came unasked, or for a `101` or `100` that nobody wanted. */
const unwanted = new Set(['bad response', 'bad upgrade'])

export function failureOf(error: unknown, during: 'connect' | 'headers' | 'body'): UpstreamFailure {
  const code = codeOf(error)
  const message = error instanceof Error ? error.message : String(error)
  const detail = code === '' ? message : `${code}: ${message}`
  if (during === 'connect') {
    const timedOut = code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT'
    return timedOut ? { kind: 'timeout', phase: 'connect', detail } : { kind: 'refused', detail }
  }
  if (code === 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH') return { kind: 'request_body', problem: 'broken', detail }
  // undici's parser errors have no code in this version.
  const endedEarly = message.includes('Invalid EOF state')
  // undici says so of any head that it cannot parse behind a Content-Length; of a body it means that the rest did not come.
  const misread = during === 'headers' && code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'
  const reset = endedEarly || (broken.has(code) && !misread && !unwanted.has(message))
  return { kind: reset ? 'reset' : 'garbage', detail }
}
