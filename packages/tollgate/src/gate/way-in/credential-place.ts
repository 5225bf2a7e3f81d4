import type { Facts } from '../../contract/declare/facts.ts'

/** In which a WebSocket's handshake names subprotocols. */
export const SUBPROTOCOL_HEADER = 'sec-websocket-protocol'

/** One place of a credential: a header, a parameter of the query, or a subprotocol of a WebSocket's handshake. */
export type CredentialPlace = CredentialInHeader | CredentialInQuery | CredentialInSubprotocol

/** `{ in: 'header', name: 'authorization', scheme: 'bearer' }` */
export interface CredentialInHeader {
  readonly in: 'header'
  readonly name: string
  /** Without it, all of the header's value is the credential. */
  readonly scheme?: string
  /** What stands there is a token, not a key. */
  readonly token?: boolean
}

/** `{ in: 'query', name: 'api_key' }`: it is taken out before anybody else sees the request. */
export interface CredentialInQuery {
  readonly in: 'query'
  readonly name: string
  readonly token?: boolean
}

/** `{ in: 'subprotocol', prefix: 'tollgate.key.' }`: of `sec-websocket-protocol`, what stands behind that (`subprotocol.ts`). */
export interface CredentialInSubprotocol {
  readonly in: 'subprotocol'
  readonly prefix: string
  readonly token?: boolean
}

/** The header that holds it. */
export function headerOfPlace(place: CredentialPlace): string | undefined {
  switch (place.in) {
    case 'header':
      return place.name
    case 'query':
      return undefined
    case 'subprotocol':
      return SUBPROTOCOL_HEADER
  }
}

/** Where the credential should have been. */
export function placeFacts(place: CredentialPlace): Facts {
  switch (place.in) {
    case 'header':
      return { header: place.name }
    case 'query':
      return { parameter: place.name }
    case 'subprotocol':
      return { header: SUBPROTOCOL_HEADER }
  }
}
