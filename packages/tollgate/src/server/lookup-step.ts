/** Finds the row of a configured table that the request names. */
import { parseSubject } from '../admission/subject.ts'
import { refuse, type Refusal } from '../contract/refusal.ts'
import type { CallInProgress } from './call-in-progress.ts'
import { fieldOf } from './json-body.ts'
import { readJson } from './request-body.ts'
import type { LookupOptions } from './step-options.ts'

/** Of what a caller sent, no more is repeated. */
const ID_CHARS_MAX = 128

export async function runLookup(current: CallInProgress, lookup: LookupOptions): Promise<Refusal | undefined> {
  const { table, resource } = lookup
  const named = await idOf(current, lookup)
  if ('refusal' in named) return named.refusal
  const { id, name } = named
  const rows = current.api.tables?.[table]
  const row = rows !== undefined && Object.hasOwn(rows, id) ? rows[id] : undefined
  if (row === undefined) {
    const shown = id.slice(0, ID_CHARS_MAX)
    return refuse('resource.not_found', { resource, id: shown, ...(name !== undefined && { [name]: shown }), issue: `there is no ${resource} ${shown}` }, { source: 'client' })
  }
  current.found = { table, id, row }
  return undefined
}

async function idOf(current: CallInProgress, lookup: LookupOptions): Promise<{ readonly id: string; readonly name?: string | undefined } | { readonly refusal: Refusal }> {
  if ('param' in lookup) return { id: current.matched?.params[lookup.param] ?? '', name: lookup.param }
  if ('leased' in lookup) return { id: leasedId(current, lookup.table, lookup.leased) }
  const { field } = lookup
  const body = await readJson(current)
  if ('refusal' in body) return body
  const value = fieldOf(body.value, field)
  if (value === undefined || value === null) return { refusal: refuse('field.missing', { field, rule: 'required', issue: 'is required' }, { source: 'client' }) }
  if (typeof value !== 'string' && typeof value !== 'number') return { refusal: refuse('field.invalid', { field, rule: 'type', issue: 'must be a text' }, { source: 'client' }) }
  return { id: String(value), name: field.slice(field.lastIndexOf('.') + 1) }
}

/** The resource of which the lease at hand occupies units. */
function leasedId({ api, lease }: CallInProgress, table: string, meter: string): string {
  for (const { name, subject } of lease?.taken ?? []) {
    const of = name === meter ? parseSubject(subject) : undefined
    if (of?.of === 'resource' && of.api === api.name && of.table === table) return of.id
  }
  return ''
}
