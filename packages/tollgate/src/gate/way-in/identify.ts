/** Who is calling: credential → key → account. Each refusal says only what the caller has proven a right to know. */
import type { Account, ApiKey } from '../../directory/account.ts'
import type { Directory, FoundKey } from '../../directory/directory.ts'
import { whenKnown, type Awaitable } from '../../engine/awaitable.ts'
import { compact } from '../../contract/values/compact.ts'
import { refuse, type Refusal } from '../../contract/declare/refusal.ts'
import { principalOfClaims } from './foreign-principal.ts'
import type { ApiOptions, CredentialOptions } from '../gate-options.ts'
import { headerValues } from '../headers.ts'
import { placeFacts, type CredentialPlace } from './credential-place.ts'
import { credentialsAmong } from './subprotocol.ts'
import type { Found } from '../or-refusal.ts'
import type { Principal } from './principal.ts'
import type { TokenVerifier } from './token-verifier.ts'

/** Of one who is refused, too, it is told who it is, where that is known. */
export type Identified = Proven | { readonly kind: 'refused'; readonly refusal: Refusal; readonly principal: Principal | undefined }

type Proven = Found<{ readonly principal: Principal }>

export interface IdentityTools {
  readonly directory: Pick<Directory, 'findKey' | 'keyById' | 'account' | 'putAccount' | 'audit'>
  readonly tokens?: TokenVerifier | undefined
}

/** What of a request may hold a credential. `fromQuery`: the parameters that were taken out for it. */
export interface Presenting {
  readonly headers: readonly string[]
  readonly fromQuery?: ReadonlyMap<string, readonly string[]>
}

/** At once where the directory has all that it takes in its caches. */
export function identify(api: ApiOptions, credentials: CredentialOptions, presenting: Presenting, tools: IdentityTools, nowMs: number): Awaitable<Identified> {
  const presented = presentedSecret(credentials, presenting)
  if (presented === undefined) {
    return unknown(refuse('credential.missing', placeFacts(credentials.from[0] ?? { in: 'header', name: 'authorization' }), { source: 'client' }))
  }
  const { secret, place } = presented
  if (secret === undefined) return unknown(invalid(place))
  const found = presented.token ? principalOfToken(api, secret, place, tools, nowMs) : principalOfKey(api, secret, place, tools)
  return whenKnown(found, (proven) => (proven.kind === 'refused' ? unknown(proven) : mayCall(proven, nowMs)))
}

/** From here on the whole secret has matched: its holder may learn what became of it. */
function mayCall(proven: Proven, nowMs: number): Identified {
  const { principal } = proven
  const refusal = refusedKey(principal.key, nowMs) ?? refusedAccount(principal.account, nowMs)
  return refusal === undefined ? proven : { kind: 'refused', refusal, principal }
}

function unknown(refusal: Refusal): Identified {
  return { kind: 'refused', refusal, principal: undefined }
}

function principalOfKey(api: ApiOptions, secret: string, place: CredentialPlace, { directory }: IdentityTools): Awaitable<Proven | Refusal> {
  const proven = (principal: FoundKey | undefined): Proven | Refusal => (principal === undefined ? invalid(place) : { kind: 'found', principal })
  return whenKnown(directory.findKey(api.name, secret), proven)
}

/** A token is worth as much as its key is now: what became of the key comes before the token's own time. */
async function principalOfToken(api: ApiOptions, token: string, place: CredentialPlace, { directory, tokens }: IdentityTools, nowMs: number): Promise<Proven | Refusal> {
  const verified = await tokens?.verify(api.name, token, nowMs)
  if (verified === undefined || verified.kind === 'invalid') return invalid(place, verified?.why)
  // Whoever calls may well be right, so the fault is on our side.
  if (verified.kind === 'unavailable') return refuse('upstream.unavailable', {}, { source: 'upstream', cause: verified.why })
  if (verified.kind === 'foreign') return principalOfClaims(api, verified.claims, placeFacts(place), directory, nowMs)
  const key = verified.keyId === undefined ? undefined : await directory.keyById(verified.keyId)
  const account = key === undefined ? undefined : await directory.account(key.accountId)
  const isKnown = key !== undefined && account !== undefined && key.api === api.name
  if (verified.kind === 'expired') {
    const keyIsLost = verified.keyId !== undefined && (!isKnown || refusedKey(key, nowMs) !== undefined)
    return keyIsLost ? invalid(place, 'the token has expired, and its key is no longer valid') : refuse('token.expired', { expiredAtMs: verified.expiredAtMs }, { source: 'client' })
  }
  if (!isKnown) return invalid(place, 'the key of the token does not exist')
  const { scopes, expiresAtMs } = verified
  return { kind: 'found', principal: { key, account, token: { expiresAtMs, scopes } } }
}

function invalid(place: CredentialPlace, cause?: string): Refusal {
  return refuse('credential.invalid', placeFacts(place), { source: 'client', cause })
}

interface Presented {
  readonly place: CredentialPlace
  /** Undefined: something stands there that cannot be a credential (wrong scheme, sent twice). */
  readonly secret: string | undefined
  readonly token: boolean
}

/** The first place that holds a credential. */
function presentedSecret(credentials: CredentialOptions, presenting: Presenting): Presented | undefined {
  for (const place of credentials.from) {
    const values = valuesAt(place, presenting)
    if (values.every(isBlank)) continue
    const value = values.length === 1 ? values[0]?.trim() : undefined
    const scheme = place.in === 'header' ? place.scheme : undefined
    return { place, token: place.token ?? false, secret: value === undefined || scheme === undefined ? value : afterScheme(value, scheme) }
  }
  return undefined
}

function valuesAt(place: CredentialPlace, { headers, fromQuery }: Presenting): readonly string[] {
  switch (place.in) {
    case 'header':
      return headerValues(headers, place.name.toLowerCase())
    case 'query':
      return fromQuery?.get(place.name) ?? []
    case 'subprotocol':
      return credentialsAmong(headers, place.prefix)
  }
}

function isBlank(value: string): boolean {
  return value.trim() === ''
}

function afterScheme(value: string, scheme: string): string | undefined {
  const space = value.indexOf(' ')
  if (space === -1 || value.slice(0, space).toLowerCase() !== scheme.toLowerCase()) return undefined
  return value.slice(space + 1).trim() || undefined
}

/** Revoked comes before expired: a revoked key stays revoked whatever its date. */
export function refusedKey(key: ApiKey, nowMs: number): Refusal | undefined {
  if (key.status === 'revoked') {
    return refuse('credential.revoked', compact({ keyId: key.id, state: 'revoked' as const, revokedAtMs: key.revokedAtMs }))
  }
  if (key.status === 'disabled') return refuse('credential.revoked', { keyId: key.id, state: 'disabled' })
  if (key.expiresAtMs !== undefined && key.expiresAtMs <= nowMs) {
    return refuse('credential.expired', { keyId: key.id, expiredAtMs: key.expiresAtMs })
  }
  return undefined
}

export function refusedAccount(account: Account, nowMs: number): Refusal | undefined {
  switch (account.status) {
    case 'active':
      return undefined
    case 'suspended': {
      const untilMs = account.suspendedUntilMs
      if (untilMs !== undefined && untilMs <= nowMs) return undefined
      return refuse('account.suspended', untilMs === undefined ? {} : { untilMs })
    }
    case 'disabled':
      return refuse('account.disabled')
    case 'not_entitled':
      return refuse('account.not_entitled')
  }
}
