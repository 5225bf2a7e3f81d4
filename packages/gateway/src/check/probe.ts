/** A probe: what is sent to provoke one answer, what has to come, and what it may do to the API if the API is not as it says. Plain data. */
import type { ProbeRequest } from './probe-request.ts'

/** What may come of a request. `create`: something stays behind. `cost`: money. `lock`: a limit is used up, or somebody is locked out, for a while. */
export const risks = ['create', 'cost', 'lock'] as const
export type Risk = (typeof risks)[number]

/** How often it is sent. `until-refused`: one after the other, at most so many. `together`: so many at the same time. */
export type Times = { readonly kind: 'once' } | { readonly kind: 'until-refused' | 'together'; readonly count: number }

export type Expected =
  /** One of these entries of the contract, under the ids that their answers are read as. Empty: any of them. */
  | { readonly kind: 'refusal'; readonly entries: readonly string[]; readonly field: string | undefined }
  | { readonly kind: 'success' }
  /** The answer of that step once more. */
  | { readonly kind: 'replay'; readonly of: number }
  /** Of requests at once that are one: one is done, and the others get its answer, or one of these entries. */
  | { readonly kind: 'done-once'; readonly entries: readonly string[] }
  /** As an earlier probe was answered, but for the body. */
  | { readonly kind: 'head'; readonly of: string }

export interface ProbeStep {
  readonly request: ProbeRequest
  readonly times: Times
  readonly expected: Expected
  /** Name → the dotted path in the answer's JSON at which its value stands. */
  readonly save: { readonly [name: string]: string }
  /** Before the next one, for work that goes on. */
  readonly thenWaitMs: number
}

export interface Probe {
  /** `missing-key/ask`: what is provoked, and at which call. */
  readonly id: string
  /** What is wrong with the request, in a few words. */
  readonly title: string
  /** Of which call of the plan it is made; undefined: of none. */
  readonly call: string | undefined
  /** The credential that it uses. */
  readonly credential: string | undefined
  /** The last one is what is meant; those before have to be answered as they expect. */
  readonly steps: readonly ProbeStep[]
  readonly risks: readonly Risk[]
  /** What may come of it where what it lacks is put right: the smallest request that shows a violation is not looked for by requests that may do this. */
  readonly mended: readonly Risk[]
}

/** What could not be tried, and why. */
export interface Unprovoked {
  /** A probe, or an entry of the contract. */
  readonly what: string
  readonly why: string
}

export function stepOf(request: ProbeRequest, expected: Expected, times: Times = { kind: 'once' }): ProbeStep {
  return { request, times, expected, save: {}, thenWaitMs: 0 }
}

/** Of a step, at most. */
export function requestsOf({ times }: ProbeStep): number {
  return times.kind === 'once' ? 1 : times.count
}

/** Of a probe, at most. */
export function requestsOfProbe({ steps }: Probe): number {
  return steps.reduce((sum, step) => sum + requestsOf(step), 0)
}

/** What it is about: `missing-key` of `missing-key/ask`. */
export function groupOf({ id }: Pick<Probe, 'id'>): string {
  return id.split('/', 1)[0] ?? id
}
