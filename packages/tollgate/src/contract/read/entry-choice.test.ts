import { describe, expect, it } from 'vitest'
import { sampleEntry } from '../../testing/sample-contract.ts'
import type { Entry } from '../declare/contract.ts'
import type { EntryDeclaration } from '../declare/declaration.ts'
import { createEntryChoice, createWireEntryChoice, type EntryEvidence } from './entry-choice.ts'
import type { Facts } from '../declare/facts.ts'
import type { Reason } from '../declare/reason.ts'

function entries(declared: { readonly [id: string]: Partial<EntryDeclaration> }): readonly Entry[] {
  return Object.entries(declared).map(([id, entry]) => ({ ...sampleEntry, ...entry, id }))
}

describe('from the reason', () => {
  const list = entries({
    internal: { alsoFor: ['session.*', 'field.*'] },
    session: { alsoFor: ['session.expired'], reason: 'session.not_found' },
    limited: { alsoFor: ['session.*'], reason: 'rate.limited', when: { plan: 'free' } },
    daily: { reason: 'quota.exhausted', when: { period: 'day' } },
    quota: { reason: 'quota.exhausted' },
    monthly: { reason: 'quota.exhausted', when: { period: ['month', 'year'], plan: 'free' } },
    size: { reason: 'field.invalid', when: { field: 'size' } },
  })
  const choose = createEntryChoice(list, list[0] ?? { ...sampleEntry, id: '' })
  const chosen = (reason: Reason, facts: Facts = {}): string => choose(reason, facts).id

  it('a refined entry is chosen only if every fact fits', () => {
    expect(chosen('quota.exhausted', { period: 'day' })).toBe('daily')
    expect(chosen('quota.exhausted', { period: 'month', plan: 'free' })).toBe('monthly')
    expect(chosen('quota.exhausted', { period: 'month' })).toBe('quota')
    expect(chosen('quota.exhausted')).toBe('quota')
  })

  it('facts are the refusal’s own: nothing is found on the prototype', () => {
    const [entry] = entries({ odd: { reason: 'rate.limited', when: { constructor: 'x' } } })
    expect(createEntryChoice(entry === undefined ? [] : [entry], { ...sampleEntry, id: 'first' })('rate.limited', {}).id).toBe('first')
  })

  it('the own reason beats a name, a name beats a wildcard', () => {
    expect(chosen('session.not_found')).toBe('session')
    expect(chosen('session.expired', { plan: 'free' })).toBe('session')
    expect(chosen('session.limited', { plan: 'free' })).toBe('limited')
    expect(chosen('session.limited')).toBe('internal')
  })

  it('a reason whose own entries are all refined falls through to what covers it', () => {
    expect(chosen('field.invalid', { field: 'size' })).toBe('size')
    expect(chosen('field.invalid', { field: 'color' })).toBe('internal')
  })

  it('what nobody answers, and what only callers know, is internal', () => {
    expect(chosen('content.blocked')).toBe('internal')
    expect(chosen('network.failed')).toBe('internal')
  })
})

describe('from the wire', () => {
  const list = entries({
    wrong: { code: 10105, status: 401 },
    missing: { code: 10105, status: 401, primary: true },
    badGateway: { code: 'DOWN', status: 502 },
    down: { code: 'DOWN', status: 503 },
    mismatch: { code: 'CONFLICT', status: 409, attributes: { reason: 'payload_mismatch' } },
    running: { code: 'CONFLICT', status: 409, attributes: { reason: 'in_progress' } },
    conflict: { code: 'CONFLICT', status: 409 },
    other: { code: 'DOWN', status: 500, family: 'legacy' },
  })
  const choose = createWireEntryChoice(list, () => true)
  const chosen = (evidence: Partial<EntryEvidence>, values: { readonly [name: string]: string } = {}): string | undefined =>
    choose({ code: undefined, status: undefined, family: undefined, value: (name) => values[name], ...evidence })?.id

  it('a numeric string is the number, and the number the string', () => {
    expect(chosen({ code: '10105' })).toBe('missing')
    expect(createWireEntryChoice(entries({ x: { code: '429' } }), () => true)({ code: 429, status: 1, family: undefined, value: () => undefined })?.id).toBe('x')
  })

  it('the status tells entries of one code apart; the primary is read where nothing does', () => {
    expect(chosen({ code: 'DOWN', status: 503 })).toBe('down')
    expect(chosen({ code: 'DOWN', status: 418 })).toBe('badGateway')
    expect(chosen({ code: 'DOWN', status: 503, family: 'legacy' })).toBe('other')
    expect(chosen({ code: 10105, status: 401 })).toBe('missing')
  })

  it('attributes tell entries of one code apart, and a contradicting one excludes', () => {
    expect(chosen({ code: 'CONFLICT', status: 409 }, { reason: 'in_progress' })).toBe('running')
    expect(chosen({ code: 'CONFLICT', status: 409 }, { reason: 'else' })).toBe('conflict')
  })

  it('an unknown code is nobody’s, nor is one that every object has', () => {
    for (const code of ['NEW_CODE', 'constructor', '__proto__', 'toString', 0, '']) expect(chosen({ code, status: 401 })).toBeUndefined()
  })

  it('without a code an entry is believed only where something names it', () => {
    expect(chosen({ status: 409 })).toBeUndefined()
    expect(chosen({ status: 409 }, { reason: 'in_progress' })).toBe('running')
    const statusOnly = createWireEntryChoice(list, () => false)
    expect(statusOnly({ code: undefined, status: 502, family: undefined, value: () => undefined })?.id).toBe('badGateway')
    const codeless = createWireEntryChoice(entries({ a: { code: 'A', status: 500 }, none: { code: '', status: 500 } }), () => true)
    expect(codeless({ code: undefined, status: 500, family: undefined, value: () => undefined })?.id).toBe('none')
    expect(codeless({ code: undefined, status: 503, family: undefined, value: () => undefined })).toBeUndefined()
  })
})
