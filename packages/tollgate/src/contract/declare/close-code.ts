/** The codes that close a WebSocket (RFC 6455 section 7.4, and what IANA has registered since). */
import type { EntryDeclaration, WebSocketDeclaration } from './declaration.ts'
import type { ServerReason } from './reason.ts'

/** 1014 is registered for upstreams that fail, but there are clients in wide use to which it is a fault of the protocol. */
const codeByReason: { readonly [reason in ServerReason]?: number } = {
  'request.too_large': 1009,
  'upstream.failed': 1011,
  'upstream.timeout': 1011,
  'upstream.unavailable': 1011,
  'capacity.overloaded': 1013,
  'service.maintenance': 1012,
  internal: 1011,
}

/** RFC 6455: the endpoint is closing since it has received a message that violates its policy. What fits where nothing else does. */
const POLICY_VIOLATION = 1008

/** The entry's own word, then the envelope's, then what its reason asks for. */
export function closeCodeOf({ closeCode, status, reason }: Pick<EntryDeclaration, 'closeCode' | 'status' | 'reason'>, { close = {} }: WebSocketDeclaration): number {
  if (closeCode !== undefined) return closeCode
  if (close.code !== undefined) return Number(String(close.code).replaceAll('{status}', String(status)))
  return codeByReason[reason] ?? POLICY_VIOLATION
}

/** Why a close frame of a server that refuses cannot have this code. */
export function closeCodeFault(code: number): string | undefined {
  if (code === 1000) return 'says that all went well'
  if (code === 1010) return 'is for clients to send'
  if (code === 1004 || code === 1005 || code === 1006 || code === 1015) return 'never stands in a close frame'
  return (code > 1000 && code < 1015) || (code >= 3000 && code <= 4999) ? undefined : 'is not free to use'
}

export const closeCodeMend = 'use 1008 (policy), 1011 (failure), 1012 (restart), 1013 (try again later), another of RFC 6455, or one of your own from 3000 to 4999'

const statusByCode: ReadonlyMap<number, number> = new Map([
  [1003, 415],
  [1007, 400],
  [1008, 403],
  [1009, 413],
  [1011, 500],
  [1012, 503],
  [1013, 503],
  [1014, 502],
  [3000, 401],
  [3003, 403],
  [3008, 408],
])

/** What a code says that no entry has: weaker than an entry. A widespread custom has the status of HTTP behind a 4 (`graphql-transport-ws`: 4401, 4429). */
export function statusOfCloseCode(code: number): number | undefined {
  return statusByCode.get(code) ?? (code >= 4400 && code <= 4599 ? code - 4000 : undefined)
}

/** An orderly end, or the client's own word for one without a close frame (RFC 6455 section 7.1.5). */
export function saysNothing(code: number): boolean {
  return !Number.isInteger(code) || code === 1000 || closeCodeFault(code) !== undefined
}
