/**
 * Written headers as a receiver sees them: names in lower case, repeated ones joined (RFC 9110 section 5.3).
 *
 * @example
 * toReceivedHeaders(['Retry-After', '5', 'X-Request-Id', 'r1']) // => { 'retry-after': '5', 'x-request-id': 'r1' }
 */
export function toReceivedHeaders(headers: readonly string[]): { readonly [name: string]: string } {
  const received: { [name: string]: string } = {}
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = (headers[index] ?? '').toLowerCase()
    const value = headers[index + 1] ?? ''
    received[name] = Object.hasOwn(received, name) ? `${received[name]}, ${value}` : value
  }
  return received
}
