/** Who is calling: credential → key → account → permission. Each refusal says only what the caller has proven a right to know. */
import type { Account, ApiKey } from '../admission/account.ts'
import type { Directory } from '../admission/directory.ts'
import { refuse, type Refusal } from '../contract/refusal.ts'
import type { ApiOptions, CredentialOptions, RouteOptions } from './gate-options.ts'
import { headerValues } from './headers.ts'

export interface Principal {
  readonly key: ApiKey
  readonly account: Account
}

export type Identified = { readonly principal: Principal } | { readonly refusal: Refusal; readonly principal?: Principal }

export async function identify(
  api: ApiOptions,
  credentials: CredentialOptions,
  headers: readonly string[],
  directory: Pick<Directory, 'findKey'>,
  nowMs: number,
): Promise<Identified> {
  const presented = presentedSecret(credentials, headers)
  if (presented === undefined) {
    return { refusal: refuse('credential.missing', { header: credentials.from[0]?.header ?? 'authorization' }, { source: 'client' }) }
  }
  const principal = presented.secret === undefined ? undefined : await directory.findKey(api.name, presented.secret)
  if (principal === undefined) return { refusal: refuse('credential.invalid', { header: presented.header }, { source: 'client' }) }

  // From here on the whole secret has matched: its holder may learn what became of it.
  const refusal = refusedKey(principal.key, nowMs) ?? refusedAccount(principal.account, nowMs)
  return refusal === undefined ? { principal } : { refusal, principal }
}

/** Refuses when the key lacks a scope that the route asks for. */
export function authorise(route: RouteOptions, key: ApiKey): Refusal | undefined {
  if (route.scopes === undefined || key.scopes.includes('*')) return undefined
  const missing = route.scopes.filter((scope) => !key.scopes.includes(scope))
  if (missing.length === 0) return undefined
  return refuse('permission.denied', { required: missing.join(' '), granted: key.scopes.join(' ') }, { source: 'client' })
}

/** The first place that holds a credential. `secret` undefined: something stands there that cannot be one (wrong scheme, sent twice). */
function presentedSecret(credentials: CredentialOptions, headers: readonly string[]): { header: string; secret: string | undefined } | undefined {
  for (const { header, scheme } of credentials.from) {
    const values = headerValues(headers, header.toLowerCase()).map((value) => value.trim())
    if (values.every((value) => value === '')) continue
    const value = values.length === 1 ? values[0] : undefined
    return { header, secret: value === undefined || scheme === undefined ? value : afterScheme(value, scheme) }
  }
  return undefined
}

function afterScheme(value: string, scheme: string): string | undefined {
  const space = value.indexOf(' ')
  if (space === -1 || value.slice(0, space).toLowerCase() !== scheme.toLowerCase()) return undefined
  return value.slice(space + 1).trim() || undefined
}

/** Revoked comes before expired: a revoked key stays revoked whatever its date. */
function refusedKey(key: ApiKey, nowMs: number): Refusal | undefined {
  if (key.status === 'revoked') {
    return refuse('credential.revoked', { keyId: key.id, state: 'revoked', ...(key.revokedAtMs !== undefined && { revokedAtMs: key.revokedAtMs }) })
  }
  if (key.status === 'disabled') return refuse('credential.revoked', { keyId: key.id, state: 'disabled' })
  if (key.expiresAtMs !== undefined && key.expiresAtMs <= nowMs) {
    return refuse('credential.expired', { keyId: key.id, expiredAtMs: key.expiresAtMs })
  }
  return undefined
}

function refusedAccount(account: Account, nowMs: number): Refusal | undefined {
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
