/** The webhooks that accounts registered. */
import { toUnixSeconds } from '@tollgate/example-parts/clock'
import type { Target } from './deliveries.ts'
import type { EndpointRequest } from './endpoint-request.ts'
import type { EventName } from './webhook-event.ts'

export interface Endpoint extends Target {
  readonly id: string
  readonly username: string
  readonly status: 'enabled' | 'disabled'
  readonly events: readonly EventName[]
  readonly createdAtMs: number
}

export const ENDPOINTS_MAX = 20

export interface Endpoints {
  /** Undefined when the account has `ENDPOINTS_MAX` already. */
  add(account: string, username: string, request: EndpointRequest): Endpoint | undefined
  ofAccount(account: string): readonly Endpoint[]
  /** False if the account has no such endpoint. */
  remove(account: string, id: string): boolean
}

export function createEndpoints(wallMs: () => number, randomHex: (bytes: number) => string): Endpoints {
  const accounts = new Map<string, Map<string, Endpoint>>()

  return {
    add(account, username, { url, status, events }) {
      const mine = accounts.get(account) ?? new Map<string, Endpoint>()
      if (mine.size >= ENDPOINTS_MAX) return undefined
      const endpoint = { id: `wh_${randomHex(12)}`, url, secret: mintSecret(randomHex), status, events, username, createdAtMs: wallMs(), deliveries: [], removed: false }
      accounts.set(account, mine.set(endpoint.id, endpoint))
      return endpoint
    },
    ofAccount: (account) => [...(accounts.get(account)?.values() ?? [])],
    remove(account, id) {
      const endpoint = accounts.get(account)?.get(id)
      if (endpoint === undefined) return false
      endpoint.removed = true
      return accounts.get(account)?.delete(id) ?? false
    },
  }
}

export function mintSecret(randomHex: (bytes: number) => string): string {
  return `whsec_${randomHex(24)}`
}

export function toEndpointView({ id, url, secret, status, events, username, createdAtMs }: Endpoint): { readonly [name: string]: unknown } {
  return { endpoint_id: id, url, secret, status, events, username, created_at: toUnixSeconds(createdAtMs) }
}
