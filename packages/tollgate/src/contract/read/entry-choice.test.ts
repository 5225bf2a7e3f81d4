import { describe, expect, it } from 'vitest'
import { sampleEntry } from '../../testing/sample-contract.ts'
import type { Entry } from '../declare/contract.ts'
import type { EntryDeclaration } from '../declare/declaration.ts'
import { toEntry } from '../declare/entry-rules.ts'
import { createEntryChoice } from './entry-choice.ts'
import type { Facts } from '../declare/facts.ts'
import type { Reason } from '../declare/reason.ts'

function entries(declared: { readonly [id: string]: Partial<EntryDeclaration> }): readonly Entry[] {
  return Object.entries(declared).map(([id, entry]) => toEntry(id, { ...sampleEntry, ...entry }, undefined))
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
  const choose = createEntryChoice(list, list[0] ?? toEntry('', sampleEntry, undefined))
  const chosen = (reason: Reason, facts: Facts = {}): string => choose(reason, facts).id

  it('a refined entry is chosen only if every fact fits', () => {
    expect(chosen('quota.exhausted', { period: 'day' })).toBe('daily')
    expect(chosen('quota.exhausted', { period: 'month', plan: 'free' })).toBe('monthly')
    expect(chosen('quota.exhausted', { period: 'month' })).toBe('quota')
    expect(chosen('quota.exhausted')).toBe('quota')
  })

  it('facts are the refusal’s own: nothing is found on the prototype', () => {
    const [entry] = entries({ odd: { reason: 'rate.limited', when: { constructor: 'x' } } })
    expect(createEntryChoice(entry === undefined ? [] : [entry], toEntry('first', sampleEntry, undefined))('rate.limited', {}).id).toBe('first')
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
