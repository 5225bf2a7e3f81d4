/**
 * Keys in a WebSocket's handshake. A browser's script can set no header there, but it names subprotocols (RFC 6455 section 1.9):
 *
 *     new WebSocket(url, ['chat', 'tollgate.key', 'tollgate.key.ak_…'])
 *
 * What begins with the agreed prefix holds the credential. It and its bare name (`tollgate.key`) are the gateway's, and taken out before the service sees
 * the rest. A browser gives a connection up that selects none of what it offered, so where the service selects none, the bare name is answered; the one
 * with the credential never is.
 */
import { refuse, type Refusal } from '../../contract/declare/refusal.ts'
import type { ApiOptions, CredentialOptions } from '../gate-options.ts'
import { headerValues } from '../headers.ts'
import { SUBPROTOCOL_HEADER, type CredentialPlace } from './credential-place.ts'

export interface SubprotocolOffer {
  /** What is the service's to select from. */
  readonly offered: readonly string[]
  /** Answered where the service selects none. */
  readonly own: string | undefined
}

/** Undefined where the API takes no credential from it, or nothing is offered. */
export function handshakeOf({ credentials }: ApiOptions, headers: readonly string[]): SubprotocolOffer | undefined {
  const all = subprotocolsOf(credentials, headers)
  return all && { offered: all.filter(({ kind }) => kind === 'offered').map(({ text }) => text), own: all.find(({ kind }) => kind === 'bare')?.text }
}

/** The credentials that are offered under this prefix. */
export function credentialsAmong(headers: readonly string[], prefix: string): readonly string[] {
  return elements(headers).filter((text) => text.startsWith(prefix)).map((text) => text.slice(prefix.length))
}

/** A handshake that a browser would give up, whatever is answered: better before it costs anything. */
export function refusedHandshake({ credentials }: ApiOptions, headers: readonly string[]): Refusal | undefined {
  const all = subprotocolsOf(credentials, headers)
  if (all === undefined) return undefined
  const [first] = all
  if (first?.kind !== 'credential' || all.some(({ kind }) => kind !== 'credential')) return undefined
  const issue = `the subprotocol with the credential is not sent back; offer ${first.bare} beside it`
  return refuse('request.invalid', { header: SUBPROTOCOL_HEADER, issue }, { source: 'client' })
}

type Subprotocol = { readonly kind: 'offered' | 'bare'; readonly text: string } | { readonly kind: 'credential'; readonly bare: string; readonly text: string }

function subprotocolsOf(credentials: CredentialOptions | undefined, headers: readonly string[]): readonly Subprotocol[] | undefined {
  if (credentials?.from.some(isSubprotocol) !== true) return undefined
  const prefixes = credentials.from.flatMap((place) => (place.in === 'subprotocol' ? place.prefix : []))
  return elements(headers).map((text): Subprotocol => {
    const prefix = prefixes.find((each) => text.startsWith(each))
    if (prefix !== undefined) return { kind: 'credential', bare: bareName(prefix), text }
    return { kind: prefixes.some((each) => bareName(each) === text) ? 'bare' : 'offered', text }
  })
}

function isSubprotocol(place: CredentialPlace): boolean {
  return place.in === 'subprotocol'
}

/** `tollgate.key.` → `tollgate.key` */
function bareName(prefix: string): string {
  return prefix.slice(0, -1)
}

function elements(headers: readonly string[]): readonly string[] {
  return headerValues(headers, SUBPROTOCOL_HEADER).flatMap((value) => value.split(',').flatMap((text) => text.trim() || []))
}
