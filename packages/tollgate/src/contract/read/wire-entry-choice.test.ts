import { describe, expect, it } from 'vitest'
import { sampleEntry } from '../../testing/sample-contract.ts'
import type { Entry } from '../declare/contract.ts'
import type { EntryDeclaration } from '../declare/declaration.ts'
import { toEntry } from '../declare/entry-rules.ts'
import { recognitionOf } from './recognition.ts'
import { createWireEntryChoice, type EntryEvidence } from './wire-entry-choice.ts'

function entries(declared: { readonly [id: string]: Partial<EntryDeclaration> }): readonly Entry[] {
  return Object.entries(declared).map(([id, entry]) => toEntry(id, { ...sampleEntry, ...entry }, undefined))
}

const silent: EntryEvidence = { code: undefined, status: undefined, family: undefined, message: undefined, value: () => undefined }

describe('from what stands there', () => {
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
  const choose = createWireEntryChoice(list, () => true, recognitionOf)
  const chosen = (evidence: Partial<EntryEvidence>, values: { readonly [name: string]: string } = {}): string | undefined =>
    choose({ ...silent, value: (name) => values[name], ...evidence })?.entry.id

  it('a numeric string is the number, and the number the string', () => {
    expect(chosen({ code: '10105' })).toBe('missing')
    expect(createWireEntryChoice(entries({ x: { code: '429' } }), () => true, recognitionOf)({ ...silent, code: 429, status: 1 })?.entry.id).toBe('x')
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
    const statusOnly = createWireEntryChoice(list, () => false, recognitionOf)
    expect(statusOnly({ ...silent, status: 502 })?.entry.id).toBe('badGateway')
    const codeless = createWireEntryChoice(entries({ a: { code: 'A', status: 500 }, none: { code: '', status: 500 } }), () => true, recognitionOf)
    expect(codeless({ ...silent, status: 500 })?.entry.id).toBe('none')
    expect(codeless({ ...silent, status: 503 })).toBeUndefined()
  })
})

describe('by what an entry is read beside its own', () => {
  const list = entries({
    dns: { code: 'resolve_failed_dns', status: 502 },
    resolve: { code: 'resolve_failed', status: 502, read: { code: 'resolve_failed_*' } },
    slow: { code: 'resolve_failed_slow', status: 504, read: { code: 'resolve_failed_slow*' } },
    server: { code: 'ERROR', status: 500, read: { code: '*', status: '5xx' } },
    perDay: { code: 'LIMIT', status: 429, read: '*per day*' },
    burst: { code: 'LIMIT', status: 429, primary: true },
  })
  const choose = createWireEntryChoice(list, () => true, recognitionOf)
  const chosen = (code: string | number, status?: number, message?: string) => choose({ ...silent, code, status, message })

  it('its own code comes before any pattern, and of patterns the one that names most', () => {
    expect(chosen('resolve_failed_dns', 502)?.entry.id).toBe('dns')
    expect(chosen('resolve_failed_tls', 502)?.entry.id).toBe('resolve')
    expect(chosen('resolve_failed_slowly', 502)?.entry.id).toBe('slow')
    expect(chosen('resolve_failed', 400)?.entry.id).toBe('resolve')
  })

  it('a code that is not its own is read under the statuses that it names, and under no other', () => {
    expect(chosen('NEW', 503)).toMatchObject({ entry: { id: 'server' }, isNamed: false })
    expect(chosen('NEW', 404)).toBeUndefined()
    expect(chosen('ERROR', 404)?.entry.id).toBe('server')
  })

  it('a sentence tells entries of one code apart, and none is worse than the right one only', () => {
    expect(chosen('LIMIT', 429, 'At most 5 per day.')?.entry.id).toBe('perDay')
    expect(chosen('LIMIT', 429, 'Slow down.')?.entry.id).toBe('burst')
    expect(chosen('LIMIT', 429)?.entry.id).toBe('burst')
  })

  it('without codes the sentence must fit where one is asked for, and the status comes first', () => {
    const codeless = createWireEntryChoice(
      entries({
        limit: { code: '', status: 429, sentAs: 400, read: ['Max rate limit*', 'Too many*'] },
        minute: { code: '', status: 429, sentAs: 400, read: 'Max rate limit per minute*' },
        key: { code: '', status: 401, sentAs: 400, read: '*key*' },
        other: { code: '', status: 400 },
        server: { code: '', status: 500, read: { status: ['5xx', 599] } },
      }),
      () => false,
      recognitionOf,
    )
    const said = (status: number, message: string) => codeless({ ...silent, status, message })?.entry.id
    expect(said(400, 'Max rate limit reached')).toBe('limit')
    expect(said(400, 'Too many calls')).toBe('limit')
    expect(said(400, 'Max rate limit per minute reached')).toBe('minute')
    expect(said(400, 'Wrong key')).toBe('key')
    expect(said(400, 'Max')).toBe('other')
    expect(said(429, 'Too many calls')).toBe('limit')
    expect(said(429, 'Wrong key')).toBeUndefined()
    expect(said(503, 'Wrong key')).toBe('server')
    expect(said(600, 'Wrong key')).toBeUndefined()
  })
})
