/** Where an answer's body ends, and which have none (RFC 9112 section 6, RFC 9110 section 15). */
import { headerValues } from 'tollgate/gate'
import { listElements } from './request-head.ts'

/** Whatever is said behind such a head is no body. */
export function isBodyless(status: number): boolean {
  return status === 204 || status === 205 || status === 304
}

/** What `Content-Length` says where there is no body. A 204 has none, a 304 may tell that of a 200, a 205 must show that nothing follows. */
export function lengthWithoutBody(status: number): string | undefined {
  return status === 205 ? '0' : undefined
}

/**
 * A coding that is applied for this hop only ends here, so it would have to be undone here. `chunked` is; with any other the body would go on as what it is
 * not.
 */
export function framingFault(headers: readonly string[]): string | undefined {
  const values = headerValues(headers, 'transfer-encoding')
  if (values.length === 0) return undefined
  const codings = values.flatMap(listElements)
  const [coding = 'chunked', ...more] = codings
  if ((coding === 'chunked' || coding === 'identity') && more.length === 0) return undefined
  return `Transfer-Encoding: ${codings.join(', ').slice(0, 64)}, of which only chunked is understood here`
}
