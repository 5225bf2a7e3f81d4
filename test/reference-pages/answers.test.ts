/**
 * Every answer of the reference APIs, whole: which entry speaks for a reason, and what it says with the same rich facts, byte for byte. A change of
 * any code, unit, name or header shows here as a line. Accept a wanted one with `npx vitest run test/reference-pages -u`, and read the diff.
 */
import { aiApi, chatads, jogg, leaperone, nexalayer } from 'tollgate/catalog'
import { refuse, serverReasons, type Contract, type Facts } from 'tollgate/contract'
import { expect, it } from 'vitest'
import { NOW_MS } from './page.ts'

/** No two alike, so that none can stand in for another; all milliseconds are of no whole second. */
const facts = {
  meter: 'm', limit: 100, used: 120, remaining: 3, resetAtMs: NOW_MS + 86_400_001, windowMs: 60_001, plan: 'free', retryAfterMs: 29_001,
  field: 'config.size', issue: 'must be at most 5', rule: 'maximum', allow: ['GET', 'HEAD'], method: 'DELETE', path: '/v1/things', header: 'X-API-Key',
  keyId: 'key_1', expiredAtMs: NOW_MS - 1_500, revokedAtMs: NOW_MS - 2_500, untilMs: NOW_MS + 3_500, granted: 'read', id: 'thing_42', bytesMax: 1_024,
} satisfies Facts

const context = { requestId: 'req_1', nowMs: NOW_MS, limits: [{ name: 'm', limit: 60, remaining: 0, resetAtMs: NOW_MS + 30_001 }] }

const common: readonly (readonly [reason: (typeof serverReasons)[number], facts: Facts])[] = serverReasons.map((reason) => [
  reason,
  reason === 'credit.insufficient' ? { ...facts, balance: { units: 5_050, scale: 2 }, required: { units: 10_000, scale: 2 } } : { ...facts, required: 'write' },
])
/** What refines a reason in one API or another. */
const refined: typeof common = [
  ['quota.exhausted', { ...facts, period: 'day' }],
  ['quota.exhausted', { ...facts, period: 'month' }],
  ['field.invalid', { field: 'model', rule: 'enum', issue: 'is unknown', supported: ['a', 'b'] }],
  ['field.invalid', { field: 'model', rule: 'type', issue: 'must be a text' }],
  ['field.invalid', { field: 'prompt', rule: 'maxLength', issue: 'is too long' }],
  ['field.invalid', { field: 'temperature', rule: 'maximum', issue: 'must be at most 2' }],
  ['field.invalid', { field: 'max_tokens', rule: 'minimum', issue: 'must be at least 1' }],
  ['field.invalid', { field: 'size', rule: 'enum', issue: 'is unknown' }],
  ['field.invalid', { field: 'quality', rule: 'enum', issue: 'is unknown' }],
  ['request.unsupported_media', { resource: 'file', field: 'file' }],
  ['request.too_large', { resource: 'file', field: 'file', bytesMax: 1_024 }],
  ['resource.not_found', { resource: 'model', id: 'gpt-9' }],
  ['resource.not_found', { resource: 'product', id: 'P-9' }],
  ['resource.conflict', { resource: 'stock', id: 'P-9', remaining: 1, required: 3 }],
  ['upstream.unavailable', { resource: 'model', id: 'gpt-4' }],
  ['upstream.failed', { failure: 'garbage' }],
  ['session.expired', { id: 's1', state: 'terminated' }],
]

it.each(Object.entries({ 'ai-api': aiApi, chatads, jogg, leaperone, nexalayer }))('%s answers as written down', async (name, contract) => {
  const shared = headersOf(contract, 'internal', {})
  const answers = [...common, ...refined].map(([reason, given]) => answerOf(contract, reason, given, shared))
  const bare = serverReasons.map((reason) => answerOf(contract, reason, {}, shared))
  await expect(['# Headers of every answer', ...shared, '', '# With facts', '', ...answers, '# Without any fact', '', ...bare].join('\n')).toMatchFileSnapshot(`answers/${name}.txt`)
})

type ServerReason = (typeof serverReasons)[number]

/** The reason with what refines it, the entry and its rules; status and headers of its own; body. */
function answerOf(contract: Contract, reason: ServerReason, given: Facts, shared: readonly string[]): string {
  const { status, body } = contract.answer(refuse(reason, given), context)
  const { id, retry, action } = contract.entryFor(reason, given)
  const names = given['limit'] === undefined ? ['field', 'rule', 'resource', 'failure', 'state'] : ['period']
  const refinement = names.flatMap((name) => (given[name] === undefined ? [] : [` ${name}=${String(given[name])}`])).join('')
  const own = headersOf(contract, reason, given).filter((header) => !shared.includes(header))
  return [`${reason}${refinement} → ${id} (${retry}, ${action})`, [status, ...own].join(' · '), body, ''].join('\n')
}

function headersOf(contract: Contract, reason: ServerReason, given: Facts): readonly string[] {
  const { headers } = contract.answer(refuse(reason, given), context)
  return headers.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${headers[index + 1]}`] : []))
}
