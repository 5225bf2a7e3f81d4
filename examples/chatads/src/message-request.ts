/**
 * The body of `POST /v1/chatads/messages`. Its shape was checked before it came here (`messages.schema.json`); what no schema can say is
 * checked here, and defaults are filled in.
 */
import { isCountry } from './country.ts'

export interface MessageRequest {
  readonly message: string
  /** Upper case. */
  readonly country: string | null
  readonly message_analysis: 'fast' | 'balanced' | 'thorough'
  readonly fill_priority: 'speed' | 'fill'
  readonly min_intent: 'any' | 'low' | 'medium' | 'high'
}

export type ParsedRequest =
  | { readonly ok: true; readonly request: MessageRequest }
  | { readonly ok: false; readonly issue: string; readonly field?: string }

export function parseMessageRequest(body: string): ParsedRequest {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return { ok: false, issue: 'the body must be JSON' }
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { ok: false, issue: 'the body must be an object' }
  const fields = new Map<string, unknown>(Object.entries(value))

  const message = fields.get('message')
  if (typeof message !== 'string') return { ok: false, field: 'message', issue: 'must be a string' }
  const given = fields.get('country')
  const country = typeof given === 'string' ? given.toUpperCase() : null
  if (country !== null && !isCountry(country)) {
    return { ok: false, field: 'country', issue: 'must be an ISO 3166-1 alpha-2 country code' }
  }
  return {
    ok: true,
    request: {
      message,
      country,
      message_analysis: oneOf(['fast', 'balanced', 'thorough'], fields.get('message_analysis'), 'balanced'),
      fill_priority: oneOf(['speed', 'fill'], fields.get('fill_priority'), 'speed'),
      min_intent: oneOf(['any', 'low', 'medium', 'high'], fields.get('min_intent'), 'any'),
    },
  }
}

function oneOf<const T extends string>(allowed: readonly T[], value: unknown, otherwise: T): T {
  return allowed.find((one) => one === value) ?? otherwise
}
