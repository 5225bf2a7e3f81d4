/** The body of `POST /v1/sessions`, with its defaults filled in. What no schema can say is checked here too: a timed rotation needs its interval. */
import { fieldsOf, oneOf, parseBody } from '@tollgate/example-parts/json-fields'
import type { Fields, Issue, Parsed } from '@tollgate/example-parts/json-fields'
import { textOf, wholeNumberOf } from './body.ts'

export interface Location {
  readonly country: string | null
  readonly city: string | null
}

export interface Rotation {
  readonly mode: 'fixed' | 'timed' | 'on_demand'
  readonly interval_seconds: number | null
}

/** Billed by traffic: one address at a time, which changes. */
export interface DynamicRequest {
  readonly type: 'dynamic'
  readonly productNo: string
  readonly trafficGb: number
  readonly protocol: 'http' | 'socks5'
  readonly location: Location
  readonly rotation: Rotation
}

/** Billed by time: as many addresses as were bought, which stay. */
export interface StaticRequest {
  readonly type: 'static'
  readonly productNo: string
  readonly quantity: number
  readonly durationDays: number
  readonly location: Location
}

export type SessionRequest = DynamicRequest | StaticRequest

export const durationsDays = [30, 90] as const

/** What only one kind has. The price of the other would be multiplied by it. */
const dynamicFields = ['traffic_gb', 'protocol', 'rotation'] as const
const staticFields = ['quantity', 'duration_days'] as const

export function parseSessionRequest(body: string): Parsed<SessionRequest> {
  const parsed = parseBody(body)
  if (!parsed.ok) return parsed
  const type = oneOf(['dynamic', 'static'], parsed.value.get('type'))
  if (type === undefined) return { ok: false, field: 'type', issue: 'must be dynamic or static' }
  const config = fieldsOf(parsed.value.get('config'))
  if (config === undefined) return { ok: false, field: 'config', issue: 'must be an object' }
  const productNo = textOf(config.get('product_no'))
  if (productNo === undefined) return issue('product_no', 'is required')
  const location = { country: textOf(config.get('country'))?.toUpperCase() ?? null, city: textOf(config.get('city')) ?? null }
  const foreign = (type === 'dynamic' ? staticFields : dynamicFields).find((field) => config.has(field))
  if (foreign !== undefined) return issue(foreign, 'is not allowed')
  return type === 'dynamic' ? parseDynamic(config, productNo, location) : parseStatic(config, productNo, location)
}

function parseDynamic(config: Fields, productNo: string, location: Location): Parsed<DynamicRequest> {
  const trafficGb = wholeNumberOf(config.get('traffic_gb'), 1, 1000)
  if (trafficGb === undefined) return issue('traffic_gb', 'must be a whole number from 1 to 1000')
  const protocol = oneOf(['http', 'socks5'], config.get('protocol')) ?? 'http'
  const rotation = parseRotation(fieldsOf(config.get('rotation')))
  if (!rotation.ok) return rotation
  return { ok: true, value: { type: 'dynamic', productNo, trafficGb, protocol, location, rotation: rotation.value } }
}

function parseRotation(rotation: Fields | undefined): Parsed<Rotation> {
  const mode = oneOf(['fixed', 'timed', 'on_demand'], rotation?.get('mode')) ?? 'on_demand'
  const seconds = wholeNumberOf(rotation?.get('interval_seconds'), 10, 86_400)
  if (mode !== 'timed') return { ok: true, value: { mode, interval_seconds: null } }
  return seconds === undefined
    ? issue('rotation.interval_seconds', 'must be a whole number from 10 to 86400 when mode is timed')
    : { ok: true, value: { mode, interval_seconds: seconds } }
}

function parseStatic(config: Fields, productNo: string, location: Location): Parsed<StaticRequest> {
  const quantity = wholeNumberOf(config.get('quantity'), 1, 50)
  if (quantity === undefined) return issue('quantity', 'must be a whole number from 1 to 50')
  const durationDays = oneOf(durationsDays, config.get('duration_days'))
  if (durationDays === undefined) return issue('duration_days', 'must be 30 or 90')
  if (location.country === null) return issue('country', 'is required')
  return { ok: true, value: { type: 'static', productNo, quantity, durationDays, location } }
}

function issue(field: string, text: string): Issue {
  return { ok: false, field: `config.${field}`, issue: text }
}
