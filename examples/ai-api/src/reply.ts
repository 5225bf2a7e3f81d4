/** What the service says, before it is bytes. */
import type { Refusal } from './refusal.ts'

export type Reply =
  /** Goes out as `data` in the API's own form of success. */
  | { readonly kind: 'success'; readonly status: 200 | 201; readonly data: unknown }
  | Refusal
  | { readonly kind: 'content'; readonly type: string; readonly bytes: Buffer }
  /** A bare status, as a service under stress gives it. */
  | { readonly kind: 'bare'; readonly status: number; readonly headers: { readonly [name: string]: string } }
  /** Somebody else answers: the caller gets their bytes as they come. */
  | { readonly kind: 'relay'; readonly answer: NodeJS.ReadableStream }

export function success(data: unknown): Reply {
  return { kind: 'success', status: 200, data }
}

export function created(data: unknown): Reply {
  return { kind: 'success', status: 201, data }
}

export function bare(status: number, headers: { readonly [name: string]: string } = {}): Reply {
  return { kind: 'bare', status, headers }
}
