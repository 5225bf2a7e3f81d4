/**
 * What an answer asks to be paid with: the `Payment` scheme (draft-httpauth-payment-01), x402 version 2 (`PAYMENT-REQUIRED`, and version 1 in the body), and L402.
 * Nothing is paid here, and no amount is believed: it is read, bounded, for who decides.
 */
import type { JsonValue } from '../contract/declare/facts.ts'
import type { ReceivedAnswer } from '../contract/declare/wire.ts'
import { parseBoundedJson, toBoundedText } from '../contract/read/bounded-json.ts'
import { headerOf } from '../contract/read/header-of.ts'
import { memberOf } from '../contract/read/value-at.ts'
import { isJsonObject } from '../contract/values/json-object.ts'
import { compact } from '../contract/values/compact.ts'
import { parseChallenges, type Challenge } from './challenges.ts'

/** One way in which an answer may be paid for. */
export type PaymentChallenge =
  /** `WWW-Authenticate: Payment`: of a method (`stripe`, `tempo`) and an intent (`charge`). `request` says how much and to whom, `credentialHeader` in which header the credential goes. */
  | { readonly kind: 'payment'; readonly id?: string; readonly realm?: string; readonly method?: string; readonly intent?: string; readonly request?: JsonValue; readonly expires?: string; readonly digest?: string; readonly credentialHeader?: string; readonly opaque?: string }
  /** x402: one of `accepts` is to be paid. Amounts are in the smallest unit of their asset. */
  | { readonly kind: 'x402'; readonly version: number; readonly resource?: JsonValue; readonly accepts: readonly { readonly [name: string]: JsonValue }[] }
  /** L402: an invoice of Lightning, and what it unlocks. */
  | { readonly kind: 'l402'; readonly macaroon: string; readonly invoice: string }

/** More ways to pay are not read. */
const ACCEPTS_MAX = 32

/**
 * Those that an answer has, as they stand; undefined: none. Total, and bounded.
 *
 * @example
 * paymentOf({ status: 402, headers: { 'www-authenticate': 'Payment id="p1", method="stripe", intent="charge", request="eyJhbW91bnQiOiI1In0"' }, body: '' })?.[0] // => { kind: 'payment', id: 'p1', method: 'stripe', intent: 'charge', request: { amount: '5' } }
 */
export function paymentOf({ status, headers = {}, body }: ReceivedAnswer): readonly PaymentChallenge[] | undefined {
  const inHeader = toX402(decoded(headerOf(headers, 'payment-required')))
  const inBody = status === 402 && inHeader === undefined ? toX402(parseBoundedJson(toBoundedText(body) ?? '')) : undefined
  const found = [...parseChallenges(headerOf(headers, 'www-authenticate')).flatMap((challenge) => toPayment(challenge) ?? []), ...[inHeader ?? inBody ?? []].flat()]
  return found.length === 0 ? undefined : found
}

function toPayment({ scheme, params }: Challenge): PaymentChallenge | undefined {
  if (scheme === 'payment') {
    const { id, realm, method, intent, expires, digest, header: credentialHeader, opaque } = params
    const request = decoded(params['request'])
    return compact({ kind: 'payment', id, realm, method, intent, request, expires, digest, credentialHeader, opaque }) as PaymentChallenge
  }
  const { macaroon, token = macaroon, invoice } = params
  return (scheme === 'l402' || scheme === 'lsat') && token !== undefined && invoice !== undefined ? { kind: 'l402', macaroon: token, invoice } : undefined
}

function toX402(value: unknown): PaymentChallenge | undefined {
  const [version, accepts] = [memberOf(value, 'x402Version'), memberOf(value, 'accepts')]
  if (!Array.isArray(accepts) || typeof version !== 'number') return undefined
  return compact({ kind: 'x402', version, resource: memberOf(value, 'resource') as JsonValue | undefined, accepts: accepts.slice(0, ACCEPTS_MAX).filter(isJsonObject) }) as PaymentChallenge
}

/** JSON in base64, of either alphabet. */
function decoded(text: string | undefined): JsonValue | undefined {
  if (text === undefined || !/^[A-Za-z0-9+/_-]+=*$/.test(text)) return undefined
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0))
    return parseBoundedJson(toBoundedText(bytes) ?? '') as JsonValue | undefined
  } catch {
    return undefined
  }
}
