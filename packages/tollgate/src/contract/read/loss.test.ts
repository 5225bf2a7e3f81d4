import { expect, it } from 'vitest'
import { sampleDeclaration, sampleEntry } from '../../testing/sample-contract.ts'
import type { EnvelopeDeclaration } from '../declare/declaration.ts'
import { defineContract } from '../declare/define-contract.ts'
import type { LossMask } from '../declare/wire.ts'

const declaration = sampleDeclaration({
  missing: { ...sampleEntry, code: 10105, status: 401, reason: 'credential.missing' },
  wrong: { ...sampleEntry, code: 10105, status: 401, reason: 'credential.invalid', primary: true },
  scope: { ...sampleEntry, code: 10105, status: 403, reason: 'permission.denied', details: { scope: 'string?' } },
})

function lossOf(envelope: EnvelopeDeclaration, more: object = {}): LossMask {
  return defineContract({ ...declaration, envelope, ...more }).loss
}

it('what the envelope has no place for is lost', () => {
  expect(lossOf({ error: { code: '$code', message: '$message', details: '$details?', fields: '$fields?', at: '$timestamp' } })).toEqual({ members: [], entries: { missing: 'wrong' } })
  expect(lossOf({ error: { code: '$code' } }).members).toEqual(['message', 'details'])
  expect(lossOf({ error: { code: '$code', scope: '$details.scope?', text: '$message' } }).members).toEqual([])
})

it('of an entry without a code none is lost', () => {
  const codeless = Object.fromEntries(Object.entries(declaration.entries).map(([id, entry]) => [id, { ...entry, code: '' }]))
  expect(lossOf({ error: { message: '$message', '...': '$details' } }, { entries: codeless })).toEqual({ members: [], entries: { missing: 'wrong' } })
  const { scope = sampleEntry } = declaration.entries
  expect(lossOf({ error: { message: '$message', '...': '$details' } }, { entries: { ...codeless, scope } }).members).toEqual(['code'])
})

it('a header carries what the body does not', () => {
  const loss = lossOf({ error: { message: '$message', '...': '$details' } }, { headers: { 'X-Error-Code': '$code' } })
  expect(loss).toEqual({ members: [], entries: { missing: 'wrong' } })
})

it('where one status is always sent, only the code tells entries apart', () => {
  expect(lossOf({ error: { ok: false, code: '$code', message: '$message' } }, { alwaysStatus: 200 }).entries).toEqual({ missing: 'wrong', scope: 'wrong' })
  expect(lossOf({ error: { code: '$code' } }, { alwaysStatus: 403 }).entries).toEqual({ missing: 'wrong', scope: 'wrong' })
})

it('without any code the status decides', () => {
  expect(lossOf({ error: { message: '$message' } })).toEqual({ members: ['code', 'details'], entries: { missing: 'wrong' } })
})
