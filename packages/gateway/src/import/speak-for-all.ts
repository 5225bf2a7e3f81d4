/** A contract must have an answer to every reason. Those without an entry of their own go to the one that comes nearest. */
import { compact, serverReasons, type EntryDeclaration, type ServerReason } from 'tollgate/contract'

type Entries = { readonly [id: string]: EntryDeclaration }

/** Which others an entry of a reason may stand for, the nearest first. A word without a point is a family. */
const nearest: { readonly [family: string]: readonly string[] } = {
  credential: ['credential.invalid', 'credential', 'permission', 'token'],
  token: ['token', 'credential.invalid', 'credential', 'permission'],
  permission: ['permission', 'account', 'credential.invalid', 'credential'],
  account: ['account', 'permission', 'credential.invalid', 'credential'],
  request: ['request.invalid', 'request', 'field'],
  field: ['field.invalid', 'field', 'request.invalid', 'request'],
  route: ['route', 'resource.not_found', 'resource', 'request.invalid', 'request'],
  method: ['method', 'request.invalid', 'request', 'field', 'route'],
  resource: ['resource.not_found', 'resource', 'route', 'request.invalid', 'request'],
  rate: ['rate', 'concurrency', 'quota'],
  concurrency: ['concurrency', 'rate', 'quota'],
  quota: ['quota', 'rate'],
  credit: ['credit', 'quota', 'permission', 'account', 'request.invalid'],
  session: ['session', 'resource.not_found', 'resource', 'request.invalid'],
  idempotency: ['idempotency', 'resource.conflict', 'request.invalid', 'request', 'field'],
  content: ['content', 'field.invalid', 'field', 'request.invalid', 'request'],
  upstream: ['upstream.failed', 'upstream', 'service', 'capacity', 'internal'],
  capacity: ['capacity', 'service', 'upstream.unavailable', 'upstream', 'internal'],
  service: ['service', 'capacity', 'upstream.unavailable', 'upstream', 'internal'],
  internal: ['internal'],
}

/** Nearer than its family says. */
const exceptions: { readonly [reason in ServerReason]?: readonly string[] } = {
  'session.limited': ['session.limited', 'concurrency', 'rate', 'quota'],
  'resource.conflict': ['resource.conflict', 'request.invalid', 'request', 'field', 'resource'],
}

/** `add` makes an entry where there is none for any of its kin. */
export function speakForAll(found: Entries, add: (reason: ServerReason) => { readonly id: string; readonly entry: EntryDeclaration }): Entries {
  const entries = new Map(Object.entries(found))
  const speaks = new Map<string, ServerReason[]>()
  // What is added may speak for others, so the general ones come first.
  const lacking = serverReasons.filter((reason) => ![...entries.values()].some((entry) => entry.reason === reason))
  for (const reason of lacking) {
    const id = speakerFor(reason, entries)
    if (id !== undefined) {
      speaks.set(id, [...(speaks.get(id) ?? []), reason])
      continue
    }
    const added = add(reason)
    entries.set(added.id, added.entry)
  }
  return Object.fromEntries([...entries].map(([id, entry]) => [id, withOthers(entry, speaks.get(id) ?? [])]))
}

function speakerFor(reason: ServerReason, entries: ReadonlyMap<string, EntryDeclaration>): string | undefined {
  const [family = ''] = reason.split('.')
  for (const word of exceptions[reason] ?? nearest[family] ?? []) {
    const speaker = [...entries].find(([, entry]) => entry.reason === word || (!word.includes('.') && entry.reason.startsWith(`${word}.`)))
    if (speaker !== undefined) return speaker[0]
  }
  return undefined
}

function withOthers(entry: EntryDeclaration, others: readonly ServerReason[]): EntryDeclaration {
  if (others.length === 0) return entry
  const { code, status, reason, ...rest } = entry
  return compact({ code, status, reason, alsoFor: others, ...rest }) as EntryDeclaration
}
