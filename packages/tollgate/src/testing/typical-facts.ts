/** Plausible facts for an entry, so that its message and details can be shown whole: in conformance cases, mocks and docs. */
import type { DetailType } from '../contract/declare/declaration.ts'
import { parseDetail, type Detail } from '../contract/declare/details.ts'
import type { Entry } from '../contract/declare/contract.ts'
import type { Facts, FactValue } from '../contract/declare/facts.ts'

const byName = {
  meter: 'requests',
  limit: 100,
  used: 120,
  remaining: 0,
  windowMs: 60_000,
  period: 'day',
  plan: 'free',
  retryAfterMs: 29_001,
  field: 'config.size',
  issue: 'must be at most 5000 characters',
  rule: 'maxLength',
  allow: ['GET', 'HEAD'],
  method: 'DELETE',
  path: '/v1/things',
  header: 'X-API-Key',
  keyId: 'key_1234567890',
  resource: 'thing',
  id: 'thing_42',
  bytesMax: 1_048_576,
  failure: 'reset',
  state: 'expired',
} satisfies Facts

const byType: { readonly [type in DetailType]: FactValue } = {
  string: 'sample',
  integer: 7,
  number: 0.5,
  boolean: true,
  strings: ['read', 'write'],
  money: { units: 5050, scale: 2 },
  timestamp: '2024-01-02T00:00:00Z',
  unix: 1_704_153_600,
  seconds: 30,
  digits: '42',
  json: { nested: [1, null, 'two'] },
}

/**
 * Plausible facts for an entry, so that its message and details can be shown whole: in tests, mocks and docs. Instants are around `nowMs`.
 *
 * @example
 * const entry = contract.entries.get('rateLimited')
 * const facts = entry === undefined ? {} : typicalFacts(entry, Date.now())
 */
export function typicalFacts(entry: Entry, nowMs: number): Facts {
  const instants = { resetAtMs: nowMs + 86_400_000, expiredAtMs: nowMs - 60_000, revokedAtMs: nowMs - 60_000, untilMs: nowMs + 3_600_000 }
  const facts: { [name: string]: FactValue } = { ...byName, ...instants }
  for (const [name, declaration] of Object.entries(entry.details ?? {})) {
    const parsed = parseDetail(name, declaration)
    if (parsed.kind === 'detail') addDetail(facts, parsed.detail, entry)
  }
  for (const [name, wanted] of Object.entries(entry.when ?? {})) {
    const [first] = [wanted].flat()
    if (first !== undefined) facts[name] = first
  }
  return facts
}

/** A fact of the right type stays; constants of the entry fill themselves. */
function addDetail(facts: { [name: string]: FactValue }, { name, type, from }: Detail, { attributes = {} }: Entry): void {
  if (Object.hasOwn(attributes, name) || from?.endsWith('Ms') === true) return
  const source = from ?? name
  const sample = byType[type]
  if (typeof facts[source] !== typeof sample) facts[source] = sample
}
