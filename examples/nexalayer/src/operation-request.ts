/** The bodies of what can be done to a session that lives. */
import { oneOf, parseBody } from '@tollgate/example-parts/json-fields'
import type { Parsed } from '@tollgate/example-parts/json-fields'
import { wholeNumberOf } from './body.ts'
import { durationsDays } from './session-request.ts'

export const rotateReasons = ['http_403', 'http_429', 'captcha', 'timeout', 'block', 'scheduled', 'manual'] as const
export const eventTypes = ['success', 'http_error', 'captcha', 'timeout', 'block', 'rate_limit', 'custom'] as const

export type EventType = (typeof eventTypes)[number]

export interface ReportedEvent {
  readonly type: EventType
  /** What the request moved, in megabytes. */
  readonly trafficMb: number
}

export function parseRenewal(body: string): Parsed<number> {
  return parseField(body, 'duration_days', 'must be 30 or 90', (value) => oneOf(durationsDays, value))
}

export function parseRotate(body: string): Parsed<(typeof rotateReasons)[number]> {
  return parseField(body, 'reason', `must be one of ${rotateReasons.join(', ')}`, (value) => oneOf(rotateReasons, value))
}

export function parseEvent(body: string): Parsed<ReportedEvent> {
  const type = parseField(body, 'event_type', `must be one of ${eventTypes.join(', ')}`, (value) => oneOf(eventTypes, value))
  if (!type.ok) return type
  const trafficMb = parseField(body, 'traffic_mb', 'must be a whole number from 0 to 1000000', (value = 0) => wholeNumberOf(value, 0, 1_000_000))
  return trafficMb.ok ? { ok: true, value: { type: type.value, trafficMb: trafficMb.value } } : trafficMb
}

function parseField<T>(body: string, field: string, issue: string, read: (value: unknown) => T | undefined): Parsed<T> {
  const parsed = parseBody(body)
  if (!parsed.ok) return parsed
  const value = read(parsed.value.get(field))
  return value === undefined ? { ok: false, field, issue } : { ok: true, value }
}
