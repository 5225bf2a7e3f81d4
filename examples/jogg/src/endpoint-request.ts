/** The body of `POST /v2/endpoint`. Whether its URL may be called is for others to say. */
import { isText, issueAt, oneOf, parseBody } from '@tollgate/example-parts/json-fields'
import type { Parsed } from '@tollgate/example-parts/json-fields'
import { webhookEvents } from './webhook-event.ts'
import type { EventName } from './webhook-event.ts'

export interface EndpointRequest {
  readonly url: string
  readonly status: 'enabled' | 'disabled'
  readonly events: readonly EventName[]
}

const URL_CHARACTERS_MAX = 2_048

export function parseEndpointRequest(body: string): Parsed<EndpointRequest> {
  const parsed = parseBody(body)
  if (!parsed.ok) return parsed
  const fields = parsed.value
  const url = fields.get('url')
  if (!fields.has('url')) return issueAt('url', 'is required')
  if (!isText(url, URL_CHARACTERS_MAX)) return issueAt('url', `must be a string of at most ${URL_CHARACTERS_MAX} characters`)
  const status = fields.has('status') ? oneOf(['enabled', 'disabled'], fields.get('status')) : 'enabled'
  if (status === undefined) return issueAt('status', 'must be one of enabled, disabled')
  if (!fields.has('events')) return issueAt('events', 'is required')
  const events = parseEvents(fields.get('events'))
  if (events === undefined) return issueAt('events', `must be a list of different events out of ${webhookEvents.join(', ')}`)
  return { ok: true, value: { url, status, events } }
}

function parseEvents(value: unknown): readonly EventName[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined
  const known = webhookEvents.filter((event) => value.includes(event))
  return known.length === value.length ? known : undefined
}
