/** What goes along with an admitted call, to whom it is meant for and back. */
import type { AnswerContext } from '../../contract/declare/wire.ts'
import type { CallInProgress, MatchedRoute } from './call-in-progress.ts'
import type { Admitted } from '../call.ts'
import type { ApiOptions } from '../gate-options.ts'
import type { RoutePlan } from '../steps/step-plan.ts'
import { contextHeaders } from '../way-out/context-headers.ts'
import { headerOfPlace, SUBPROTOCOL_HEADER } from '../way-in/credential-place.ts'
import { handshakeOf } from '../way-in/subprotocol.ts'
import type { WayOut } from '../way-out/way-out.ts'

export type SentAlong = Pick<Admitted, 'contextHeaders' | 'withheldHeaders' | 'answerHeaders' | 'dropsAnswerHeader' | 'subprotocol' | 'body' | 'bodyBytesMax' | 'bodyPace'>

/** `callUrl`: where its service settles what it holds. `isListened`: its answer is kept, or searched for what was used. */
export function sentAlong(current: CallInProgress, { route, plan }: MatchedRoute, callUrl: string | undefined, isListened: boolean, wayOut: WayOut, context: AnswerContext): SentAlong {
  const { api, call, body, log } = current
  const handshake = handshakeOf(api, call.headers)
  const told = [...contextHeaders(current, callUrl, context.nowMs)]
  // What is compressed can neither be searched nor, by whoever repeats the call, always be read.
  if (isListened) told.push('accept-encoding', 'identity')
  // The header is withheld like any that carries credentials; what is the service's of it goes on.
  if (handshake !== undefined && handshake.offered.length > 0) told.push(SUBPROTOCOL_HEADER, handshake.offered.join(', '))
  return {
    contextHeaders: told,
    withheldHeaders: withheldHeaders(api, plan),
    answerHeaders: wayOut.headers(current, log.requestId, context),
    dropsAnswerHeader: wayOut.corsOf(api).drops,
    subprotocol: handshake?.own,
    body: call.hasBody ? body : undefined,
    bodyBytesMax: route.bodyBytesMax ?? api.bodyBytesMax,
    bodyPace: { ...api.bodyPace, ...route.bodyPace },
  }
}

function withheldHeaders({ credentials }: ApiOptions, { keyed }: RoutePlan): readonly string[] {
  const names: string[] = []
  for (const place of credentials?.from ?? []) {
    const header = headerOfPlace(place)
    if (header !== undefined) names.push(header.toLowerCase())
  }
  if (keyed !== undefined) names.push(keyed.header.toLowerCase())
  return names
}
