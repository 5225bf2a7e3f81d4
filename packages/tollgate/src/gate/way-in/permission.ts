/** What a caller may do: the scopes of the key, and where a token was presented only those that it has too. */
import { refuse, type Refusal } from '../../contract/declare/refusal.ts'
import type { ApiOptions, RouteOptions } from '../gate-options.ts'
import type { Principal } from './principal.ts'

/** Refuses when the caller lacks a scope that the route asks for. */
export function authorise(api: ApiOptions, route: RouteOptions, principal: Principal): Refusal | undefined {
  const missing = route.scopes?.filter((scope) => !isAllowed(api, principal, scope)) ?? []
  if (missing.length === 0) return undefined
  return refuse('permission.denied', { required: missing.join(' '), granted: grantedScopes(api, principal).join(' ') }, { source: 'client' })
}

/** The scopes as they are written on key and token, without those that only one of them covers. */
export function grantedScopes(api: ApiOptions, principal: Principal): readonly string[] {
  const { key, token } = principal
  if (token?.scopes === undefined) return key.scopes
  return [...new Set([...key.scopes, ...token.scopes])].filter((scope) => isAllowed(api, principal, scope))
}

function isAllowed(api: ApiOptions, { key, token }: Principal, scope: string): boolean {
  return covers(api, key.scopes, scope) && (token?.scopes === undefined || covers(api, token.scopes, scope))
}

function covers({ scopeImplies = {} }: ApiOptions, granted: readonly string[], scope: string): boolean {
  return granted.some((own) => own === '*' || own === scope || (Object.hasOwn(scopeImplies, own) && scopeImplies[own]?.includes(scope) === true))
}
