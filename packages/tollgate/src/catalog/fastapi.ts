/** FastAPI's defaults: a sentence as `detail`, and under 422 a list of the fields at fault with their place as segments (`HTTPValidationError`). */
import { defineDialect } from '../contract/read/dialect.ts'
import { listsPart } from '../contract/read/parts/lists-part.ts'
import { commonEntries } from './shapes.ts'

const { invalid, rateLimited, quotaExhausted: _asFast, ...others } = commonEntries

/** FastAPI, written and read. It has no codes: the status tells what happened, so that of two refusals with one status the first is read. */
export const fastapi = defineDialect({
  name: 'fastapi',
  title: 'FastAPI',
  docs: 'https://fastapi.tiangolo.com/tutorial/handling-errors/',
  authenticate: 'Bearer',
  envelope: {
    error: { detail: '$message' },
    families: { fields: { detail: { $each: '$errors', as: { type: '$rule', loc: ['$in', '$path'], msg: '$message' } } } },
  },
  entries: {
    ...codeless({ ...others, rateLimited: { ...rateLimited, alsoFor: ['concurrency.limited', 'quota.exhausted'] as const } }),
    invalid: { ...invalid, code: '', family: 'fields' },
  },
}, { parts: [listsPart] })

function codeless<const Entries extends { readonly [id: string]: object }>(entries: Entries): { readonly [Id in keyof Entries]: Omit<Entries[Id], 'code'> & { readonly code: '' } } {
  return Object.fromEntries(Object.entries(entries).map(([id, entry]) => [id, { ...entry, code: '' }])) as never
}
