/** Finds the row of a configured table that the request names. */
import { parseSubject } from '../../engine/subject.ts'
import { refuse, type Refusal } from '../../contract/declare/refusal.ts'
import type { CallInProgress } from '../call/call-in-progress.ts'
import { queryOf, queryPairs } from '../way-in/query.ts'
import { fieldOf } from './json-body.ts'
import { readJson } from './request-body.ts'
import type { LookupOptions } from './step-options.ts'
import type { Step } from './step.ts'
import type { OrRefusal } from '../or-refusal.ts'

/** Of what a caller sent, no more is repeated. */
const ID_CHARS_MAX = 128

export const lookup: Step<'lookup'> = {
  key: 'lookup',
  plan({ table }, api, fail) {
    return Object.hasOwn(api.tables ?? {}, table) ? { findsRow: true } : fail(`there is no table "${table}"`)
  },
  prepare: (options) => (current) => find(current, options),
}

async function find(current: CallInProgress, options: LookupOptions): Promise<Refusal | undefined> {
  const { table, resource } = options
  const named = await idOf(current, options)
  if (named.kind === 'refused') return named
  const { id, name } = named
  const rows = current.api.tables?.[table]
  const row = rows !== undefined && Object.hasOwn(rows, id) ? rows[id] : undefined
  if (row === undefined) {
    const shown = id.slice(0, ID_CHARS_MAX)
    return refuse('resource.not_found', { resource, id: shown, [name ?? 'id']: shown, issue: `there is no ${resource} ${shown}` }, { source: 'client' })
  }
  current.found = { table, id, row }
  return undefined
}

async function idOf(current: CallInProgress, { table, by, name }: LookupOptions): Promise<OrRefusal<{ readonly id: string; readonly name?: string | undefined }>> {
  switch (by) {
    case 'param':
      return { kind: 'found', id: current.matched?.params[name] ?? '', name }
    case 'query':
      return idInQuery(current, name)
    case 'leased':
      return { kind: 'found', id: leasedId(current, table, name) }
    case 'field':
      return idInBody(current, name)
  }
}

function idInQuery({ call }: CallInProgress, name: string): OrRefusal<{ readonly id: string; readonly name: string }> {
  const [value, ...others] = queryPairs(queryOf(call.target)).filter((pair) => pair.name === name)
  const fault = value === undefined || value.value === '' ? (['field.missing', 'required', 'is required'] as const) : others.length > 0 ? (['field.invalid', 'repeated', 'must be given once'] as const) : undefined
  if (value === undefined || fault !== undefined) {
    const [reason, rule, issue] = fault ?? (['field.missing', 'required', 'is required'] as const)
    return refuse(reason, { field: name, in: 'query', rule, issue }, { source: 'client' })
  }
  return { kind: 'found', id: value.value, name }
}

async function idInBody(current: CallInProgress, field: string): Promise<OrRefusal<{ readonly id: string; readonly name: string }>> {
  const body = await readJson(current)
  if (body.kind === 'refused') return body
  const value = fieldOf(body.value, field)
  if (value === undefined || value === null) return refuse('field.missing', { field, rule: 'required', issue: 'is required' }, { source: 'client' })
  if (typeof value !== 'string' && typeof value !== 'number') return refuse('field.invalid', { field, rule: 'type', issue: 'must be a text' }, { source: 'client' })
  return { kind: 'found', id: String(value), name: field.slice(field.lastIndexOf('.') + 1) }
}

/** The resource of which the lease at hand occupies units. */
function leasedId({ api, lease }: CallInProgress, table: string, meter: string): string {
  for (const { name, subject } of lease?.taken ?? []) {
    const of = name === meter ? parseSubject(subject) : undefined
    if (of?.of === 'resource' && of.api === api.name && of.table === table) return of.id
  }
  return ''
}
