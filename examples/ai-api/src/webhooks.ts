/** The webhooks that accounts registered, each account for itself. */
import { toInstant } from '@tollgate/example-parts/clock'
import type { Target } from './deliveries.ts'
import { readFields } from './json-fields.ts'
import type { Parsed } from './refusal.ts'
import { eventNames } from './webhook-event.ts'
import type { EventName } from './webhook-event.ts'

export interface WebhookRequest {
  readonly url: string
  readonly events: readonly EventName[]
}

export interface Webhook extends Target {
  readonly id: string
  readonly events: readonly EventName[]
  readonly createdAtMs: number
}

export const WEBHOOKS_MAX = 10
const URL_CHARACTERS_MAX = 2_048

/** Whether the address may be called is for others to say. */
export function parseWebhookRequest(body: string): Parsed<WebhookRequest> {
  return readFields(body, (fields) => ({ url: fields.text('url', URL_CHARACTERS_MAX), events: fields.words('events', eventNames) }))
}

export interface Webhooks {
  /** Undefined when the account has `WEBHOOKS_MAX` already. */
  add(account: string, request: WebhookRequest): Webhook | undefined
  ofAccount(account: string): readonly Webhook[]
  find(account: string, id: string): Webhook | undefined
  /** False if the account has no such webhook. */
  remove(account: string, id: string): boolean
}

export function createWebhooks(wallMs: () => number, randomHex: (bytes: number) => string): Webhooks {
  const accounts = new Map<string, Map<string, Webhook>>()

  return {
    add(account, { url, events }) {
      const mine = accounts.get(account) ?? new Map<string, Webhook>()
      if (mine.size >= WEBHOOKS_MAX) return undefined
      const webhook = { id: `wh_${randomHex(12)}`, url, events, secret: `whsec_${randomHex(24)}`, createdAtMs: wallMs(), deliveries: [], removed: false }
      accounts.set(account, mine.set(webhook.id, webhook))
      return webhook
    },
    ofAccount: (account) => [...(accounts.get(account)?.values() ?? [])],
    find: (account, id) => accounts.get(account)?.get(id),
    remove(account, id) {
      const webhook = accounts.get(account)?.get(id)
      if (webhook === undefined) return false
      webhook.removed = true
      return accounts.get(account)?.delete(id) ?? false
    },
  }
}

/** Without the secret, which is told once, when the webhook is made. */
export function toWebhookView({ id, url, events, createdAtMs }: Webhook): { readonly [name: string]: unknown } {
  return { id, url, events, created_at: toInstant(createdAtMs) }
}
