/** Tells an account's webhooks what has happened, those that want to know. */
import type { Caller } from './caller.ts'
import type { Deliveries } from './deliveries.ts'
import { createEvent } from './webhook-event.ts'
import type { EventName } from './webhook-event.ts'
import type { Webhooks } from './webhooks.ts'

export type Notifier = (caller: Caller, name: EventName, data: unknown) => void

export interface NotifierOptions {
  readonly wallMs: () => number
  readonly webhooks: Webhooks
  readonly deliveries: Deliveries
  readonly randomHex: (bytes: number) => string
}

export function createNotifier({ wallMs, webhooks, deliveries, randomHex }: NotifierOptions): Notifier {
  return ({ account }, name, data) => {
    const wanting = webhooks.ofAccount(account).filter(({ events }) => events.includes(name))
    if (wanting.length === 0) return
    const event = createEvent(`evt_${randomHex(16)}`, name, data, wallMs())
    for (const webhook of wanting) void deliveries.deliver(event, webhook)
  }
}
