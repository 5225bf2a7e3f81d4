/** One operation of the admin API, and what it may answer. */
import type { Facts } from 'tollgate/contract'
import { refuse, type Refusal, type ServerReason } from 'tollgate/contract'
import type { z } from 'zod'
import { formatPath } from '../config/problem.ts'
import { toProblems } from '../config/shape-problem.ts'
import { unusableNames } from '../config/unusable-names.ts'
import type { AdminGateway } from './admin-gateway.ts'

export interface AdminRequest {
  readonly params: { readonly [name: string]: string }
  readonly query: { readonly [name: string]: string }
  /** The parsed JSON body; undefined when there is none. */
  readonly body: unknown
  /** The name of the token, for the audit log. */
  readonly who: string
}

export type AdminReply = { readonly status?: number; readonly body: unknown } | { readonly refusal: Refusal }

export interface AdminRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** `/v1/accounts/{id}` */
  readonly path: string
  handle(request: AdminRequest, gateway: AdminGateway): Promise<AdminReply>
}

export function refused(reason: ServerReason, facts: Facts, cause?: unknown): { readonly refusal: Refusal } {
  return { refusal: refuse(reason, facts, { source: 'client', ...(cause !== undefined && { cause }) }) }
}

export function notFound(resource: string, id: string): { readonly refusal: Refusal } {
  return refused('resource.not_found', { resource, id, issue: `there is no ${resource} "${id.slice(0, 100)}"` })
}

export function invalid(field: string, issue: string): { readonly refusal: Refusal } {
  return refused('field.invalid', { field, issue, rule: 'value' })
}

export type Input<T> = { readonly value: T } | { readonly refusal: Refusal }

/** A body or query held against its shape; the refusal names the first field at fault, its value (unless secret) and the mend. */
export function readInput<Schema extends z.ZodType>(schema: Schema, input: unknown, secrets: readonly string[] = []): Input<z.output<Schema>> {
  const [unusable] = unusableNames(input)
  if (unusable !== undefined) return invalid(formatPath(unusable.path), unusable.message)
  const parsed = schema.safeParse(input ?? {}, { reportInput: true })
  if (parsed.success) return { value: parsed.data }
  const [problem] = toProblems(parsed.error.issues, withoutSecrets(input ?? {}, secrets))
  if (problem === undefined || problem.path.length === 0) return refused('request.invalid', { issue: problem?.message ?? 'the body does not fit' })
  const missing = problem.message.startsWith('is missing')
  return refused(missing ? 'field.missing' : 'field.invalid', {
    field: formatPath(problem.path),
    issue: problem.message,
    rule: missing ? 'required' : 'value',
  })
}

function withoutSecrets(input: unknown, secrets: readonly string[]): unknown {
  if (typeof input !== 'object' || input === null) return input
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, secrets.includes(name) ? '(secret)' : value]))
}
