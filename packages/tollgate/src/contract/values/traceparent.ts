/** `traceparent` of W3C Trace Context, section 3.2. */
export interface Traceparent {
  readonly traceId: string
  readonly parentId: string
  readonly sampled: boolean
}

const FORM = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

/**
 * Undefined: not valid, and then all of it is ignored. Version ff is forbidden; version 00 has nothing after its flags, a later one may.
 *
 * @example
 * parseTraceparent('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01')?.sampled // => true
 */
export function parseTraceparent(value: string): Traceparent | undefined {
  const [, version, traceId = '', parentId = '', flags = '', rest] = FORM.exec(value) ?? []
  if (version === undefined || version === 'ff' || (version === '00' && rest !== undefined)) return undefined
  return /^0+$/.test(traceId) || /^0+$/.test(parentId) ? undefined : { traceId, parentId, sampled: (Number.parseInt(flags, 16) & 1) === 1 }
}
