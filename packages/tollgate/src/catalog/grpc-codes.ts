/**
 * The sixteen codes of gRPC: their numbers, the status that they have over HTTP (google/rpc/code.proto), and what they mean. In general only `unavailable` is repeated
 * (AIP-194): the others may have done something, or would fail once more. `resource_exhausted` is a rate where it says a wait, and may be a quota or money where it does not.
 */
import { says } from './read-only-entry.ts'

const codes = {
  canceled: [1, says('', 499, 'request.invalid', 'The caller went away.', { source: 'client' })],
  unknown: [2, says('', 500, 'internal', 'An error of another space, or one that says too little.', { retry: 'never' })],
  invalid_argument: [3, says('', 400, 'request.invalid', 'The request is wrong whatever the state of the system.')],
  deadline_exceeded: [4, says('', 504, 'upstream.timeout', 'The deadline passed. The outcome is unknown.', { source: 'api', retry: 'never', action: 'contact_support' })],
  not_found: [5, says('', 404, 'resource.not_found', 'The resource does not exist.')],
  already_exists: [6, says('', 409, 'resource.conflict', 'The resource exists already.')],
  permission_denied: [7, says('', 403, 'permission.denied', 'The caller may not do this.')],
  resource_exhausted: [8, says('', 429, 'rate.limited', 'A rate, a quota, or space is used up: which, is not told. A wait is waited for.')],
  failed_precondition: [9, says('', 400, 'resource.conflict', 'The state of the system does not allow it.')],
  aborted: [10, says('', 409, 'resource.conflict', 'A concurrent change came first: repeat the whole transaction.')],
  out_of_range: [11, says('', 400, 'field.invalid', 'A value lies past the valid range.')],
  unimplemented: [12, says('', 501, 'method.not_allowed', 'The method does not exist here.')],
  internal: [13, says('', 500, 'internal', 'An invariant is broken.', { retry: 'never' })],
  unavailable: [14, says('', 503, 'upstream.unavailable', 'Not available at the moment.', { source: 'api' })],
  data_loss: [15, says('', 500, 'internal', 'Data is lost or corrupt for good.', { retry: 'never' })],
  unauthenticated: [16, says('', 401, 'credential.invalid', 'No valid credential.')],
} as const

type Codes = typeof codes
type CamelCase<Name extends string> = Name extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<CamelCase<Tail>>}` : Name
type Named<By extends 'name' | 'number'> = { readonly [Name in keyof Codes as CamelCase<Name>]: Omit<Codes[Name][1], 'code'> & { readonly code: By extends 'name' ? Name : Codes[Name][0] } }

/** Entries of a dialect that says the names, as Connect does, or the numbers, as gRPC does. */
export function grpcEntries<By extends 'name' | 'number'>(by: By): Named<By> {
  const entries = Object.entries(codes).map(([name, [number, entry]]) => [name.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase()), { ...entry, code: by === 'name' ? name : number }])
  // The same keys and codes as the type computes.
  return Object.fromEntries(entries) as Named<By>
}
