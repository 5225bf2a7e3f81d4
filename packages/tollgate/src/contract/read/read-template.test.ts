import { expect, it } from 'vitest'
import type { FoundSlots } from './found-slots.ts'
import { readTemplate } from './read-template.ts'
import { successFactsOf } from './success-facts.ts'
import { createSuccessForm } from './success-form.ts'
import { parseTemplate } from '../write/parse-template.ts'

const envelope = { success: false, data: null, error: { code: '$code', message: '$message', details: '$details' }, meta: { request_id: '$requestId' } }

function read(template: unknown, body: unknown): FoundSlots | undefined {
  return readTemplate(parseTemplate(template, '', () => {}), body)
}

it('what stands in the slots is found', () => {
  const body = { success: false, data: null, error: { code: 'X', message: 'm', details: { a: 1 } }, meta: { request_id: 'r', extra: 1 }, more: [] }
  expect(read(envelope, body)).toMatchObject({ code: 'X', message: 'm', details: { a: 1 }, requestId: 'r', literals: 1, nested: true })
})

it('an excerpt is read: missing and null are the same', () => {
  expect(read(envelope, { error: { code: 'X' } })).toMatchObject({ code: 'X' })
  expect(read(envelope, { error: { code: 'X', details: null }, meta: null })).toMatchObject({ code: 'X' })
})

it('what contradicts the template is not mine', () => {
  for (const body of [{ success: true }, { data: {} }, { error: 'text' }, { error: [] }, { meta: 5 }, [], 'text', 5]) expect(read(envelope, body)).toBeUndefined()
})

it('a slot that holds the wrong type counts as empty', () => {
  const found = read(envelope, { error: { code: {}, message: ['m'], details: 'none' }, meta: { request_id: 5 } })
  expect(found?.code ?? found?.message ?? found?.details ?? found?.requestId).toBeUndefined()
})

it('inherited names are never found', () => {
  const template = { constructor: { code: '$code' }, toString: '$message' }
  expect(read(template, {})).toMatchObject({ literals: 0 })
  expect(read(template, {})?.message).toBeUndefined()
})

it('a spread takes all members that are not otherwise named, except __proto__', () => {
  const found = read({ type: '$type', '...': '$details' }, JSON.parse('{"type":"t","a":1,"__proto__":{"b":1},"constructor":2}'))
  expect(Object.entries(found?.details ?? {})).toEqual([['a', 1], ['constructor', 2]])
  expect(Object.getPrototypeOf(found?.details ?? {})).toBe(Object.prototype)
})

it('arrays are read by position', () => {
  expect(read([{ error: { code: '$code' } }], [{ error: { code: 429 } }, { more: 1 }])).toMatchObject({ code: 429 })
  expect(read([{ error: { code: '$code' } }], [])).toMatchObject({ literals: 0 })
})

it('a success is known by its constants, all of them', () => {
  const form = createSuccessForm(successFactsOf(parseTemplate({ success: true, data: '$data', error: null }, '', () => {}), []), readTemplate)
  expect(form.isSaidBy({ success: true, data: {} })).toBe(true)
  expect(form.isSaidBy({ success: true, error: { code: 1 } })).toBe(false)
  expect(form.isSaidBy({})).toBe(false)
  expect(createSuccessForm(successFactsOf(parseTemplate('$data', '', () => {}), []), readTemplate).isSaidBy({})).toBe(false)
})
