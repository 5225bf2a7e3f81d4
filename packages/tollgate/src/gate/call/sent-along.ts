/** What goes along with an admitted call to its service, and what does not. */
import type { CallInProgress } from './call-in-progress.ts'
import type { ApiOptions } from '../gate-options.ts'
import type { IdempotencyOptions } from '../steps/step-options.ts'
import { contextHeaders } from '../way-out/context-headers.ts'
import { headerOfPlace, SUBPROTOCOL_HEADER } from '../way-in/credential-place.ts'
import type { SubprotocolOffer } from '../way-in/subprotocol.ts'

/** `callUrl`: where its service settles what it holds. `isListened`: its answer is kept, or searched for what was used. */
export function headersSentAlong(current: CallInProgress, handshake: SubprotocolOffer | undefined, callUrl: string | undefined, isListened: boolean, nowMs: number): readonly string[] {
  const told = contextHeaders(current, callUrl, nowMs)
  // What is compressed can neither be searched nor, by whoever repeats the call, always be read.
  if (isListened) told.push('accept-encoding', 'identity')
  // The header is withheld like any that carries credentials; what is the service's of it goes on.
  if (handshake !== undefined && handshake.offered.length > 0) told.push(SUBPROTOCOL_HEADER, handshake.offered.join(', '))
  return told
}

/** The same for all calls of a route. */
export function withheldHeaders({ credentials }: ApiOptions, keyed: IdempotencyOptions | undefined): readonly string[] {
  const names = (credentials?.from ?? []).flatMap((place) => headerOfPlace(place)?.toLowerCase() ?? [])
  return keyed === undefined ? names : [...names, keyed.header.toLowerCase()]
}
