/** A plan: what a check may know of an API beside its contract. From a file, from an OpenAPI document, or from both. Plain data. */
import type { ServerReason } from 'tollgate/contract'
import type { ProbeRequest } from '../probe-request.ts'
import type { Risk } from '../probe.ts'

/** Where a credential is sent: `Authorization: Bearer …`, `x-api-key: …`. */
export interface KeyPlace {
  readonly header: string
  readonly scheme: string | undefined
}

/** What a credential is there for → why it is refused. `valid` is not. */
export const credentialStates = {
  valid: undefined,
  malformed: 'credential.invalid',
  unknown: 'credential.invalid',
  expired: 'credential.expired',
  expiredToken: 'token.expired',
  revoked: 'credential.revoked',
  disabled: 'credential.revoked',
  suspended: 'account.suspended',
  closed: 'account.disabled',
  notEntitled: 'account.not_entitled',
} as const satisfies { readonly [state: string]: ServerReason | undefined }
/** `special`: it is used where the plan names it, and nowhere else. */
export type CredentialState = keyof typeof credentialStates | 'special'

export interface PlannedCredential {
  readonly name: string
  readonly key: string
  readonly state: CredentialState
  readonly place: KeyPlace
}

/** One fault of a field: the body that has it, and the rule that it breaks. */
export interface FieldFault {
  readonly field: string
  readonly rule: string
  readonly kind: 'missing' | 'type' | 'range'
  readonly body: unknown
}

/** A call that succeeds, and what it needs for that. Its request has no credential in it. */
export interface PlannedCall {
  readonly name: string
  readonly request: ProbeRequest
  /** Undefined: it needs none. */
  readonly credential: string | undefined
  readonly risks: readonly Risk[]
  /** Whether the request succeeds as it stands. Without a good value for a part of its path it does not. */
  readonly succeeds: boolean
  readonly faults: readonly FieldFault[]
  /** The path with an id that there is not. */
  readonly unknownIdPath: string | undefined
  readonly bodyBytesMax: number | undefined
  readonly idempotencyHeader: string | undefined
  /** Names of credentials for which it is refused. */
  readonly lackScope: readonly string[]
  readonly lackCredit: readonly string[]
  /** So many requests with this credential are more than it may send, or have in flight. */
  readonly limits: readonly { readonly kind: 'row' | 'together'; readonly credential: string; readonly requests: number; readonly expect: readonly string[] }[]
}

/** What is to be provoked by a request that the plan spells out. */
export interface PlannedRefusal {
  readonly name: string
  readonly before: readonly PlannedStep[]
  readonly request: ProbeRequest
  readonly credential: string | undefined
  readonly times: 'once' | { readonly kind: 'until-refused' | 'together'; readonly count: number }
  /** Entries, codes or reasons of the contract. Empty: any refusal. */
  readonly expect: readonly string[]
  readonly risks: readonly Risk[]
}

export interface PlannedStep {
  readonly request: ProbeRequest
  readonly credential: string | undefined
  readonly save: { readonly [name: string]: string }
  readonly thenWaitMs: number
}

/** Where an answer says what is used up: no refusal may change it. */
export interface UsageReading {
  readonly request: ProbeRequest
  readonly credential: string | undefined
  /** Dotted paths in its JSON, and names of headers. */
  readonly at: readonly string[]
  readonly headers: readonly string[]
}

export interface CheckPlan {
  readonly credentials: readonly PlannedCredential[]
  readonly calls: readonly PlannedCall[]
  readonly refusals: readonly PlannedRefusal[]
  readonly usage: readonly UsageReading[]
}

export const emptyPlan: CheckPlan = { credentials: [], calls: [], refusals: [], usage: [] }

/** With the credential at its place; the secret itself is filled in when it is sent. */
export function withCredential(request: ProbeRequest, name: string | undefined, { credentials }: CheckPlan): ProbeRequest {
  const credential = credentials.find((each) => each.name === name)
  if (credential === undefined) return request
  const { header, scheme } = credential.place
  const others = request.headers.filter(([each]) => each.toLowerCase() !== header.toLowerCase())
  return { ...request, headers: [...others, [header, scheme === undefined ? `{{${credential.name}}}` : `${scheme} {{${credential.name}}}`]] }
}

/** By name, for `fillRequest`. */
export function keysByName({ credentials }: CheckPlan): { readonly [name: string]: string } {
  return Object.fromEntries(credentials.map(({ name, key }) => [name, key]))
}
