/** The smallest declaration that answers everything, to build others from in tests. */
import type { ContractDeclaration, EntryDeclaration } from '../contract/declare/declaration.ts'
import { serverReasons } from '../contract/declare/reason.ts'

export const sampleEntry = {
  code: 'FAILED',
  status: 500,
  reason: 'internal',
  message: 'It failed.',
  retry: 'never',
  action: 'contact_support',
  description: 'Something failed.',
} as const satisfies EntryDeclaration

/** `failed` speaks for whatever the other entries do not have as their own. */
export function sampleDeclaration(entries: { readonly [id: string]: EntryDeclaration } = {}): ContractDeclaration {
  const own = new Set(Object.values(entries).flatMap(({ reason, when }) => (when === undefined ? [reason] : [])))
  const alsoFor = serverReasons.filter((reason) => reason !== 'internal' && !own.has(reason))
  return {
    name: 'sample',
    title: 'Sample',
    authenticate: 'Bearer realm="sample"',
    envelope: { error: { error: { code: '$code', message: '$message', details: '$details' }, request_id: '$requestId' } },
    entries: { ...entries, failed: { ...sampleEntry, alsoFor } },
  }
}
