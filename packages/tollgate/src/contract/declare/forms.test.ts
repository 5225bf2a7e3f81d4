/** Bodies as forms: names and texts, escaped when written, read by structure. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatForm, parseForm } from '../write/form.ts'
import { defineContract, parseContract } from './define-contract.ts'
import { serverReasons } from './reason.ts'

const paynote = defineContract({
  name: 'paynote',
  title: 'Paynote',
  alwaysStatus: 200,
  envelope: {
    contentType: 'application/x-www-form-urlencoded',
    error: { status: 'error', code: '$code', http: '$status', message: '$message', 'note?': 'about {details.field}', '...': '$details', ref: '$requestId' },
    success: { status: 'ok', '...': '$data' },
  },
  entries: {
    short: { code: 12, status: 402, reason: 'credit.insufficient', message: ['{field} & {price:money}', 'Too few.'], details: { price: 'money? from required', field: 'string?', tags: 'strings?' }, description: 'Money.' },
    failed: { code: 99, status: 500, reason: 'internal', alsoFor: serverReasons.filter((reason) => reason !== 'internal' && reason !== 'credit.insufficient'), message: 'Failed.', description: 'Ours.' },
  },
})
const context = { requestId: 'r 1', nowMs: 0 }
const read = (body: string) => paynote.read({ status: 200, headers: {}, body })

describe('a refusal', () => {
  it('is written with every value escaped, and its details beside the others', () => {
    const { headers, body } = paynote.answer(paynote.refuse('short', { required: { units: 50, scale: 2 }, field: 'ü=1', tags: ['a', 'b&c'] }), context)
    expect(headers).toContain('application/x-www-form-urlencoded')
    expect(body).toBe('status=error&code=12&http=402&message=%C3%BC%3D1+%26+0.50&note=about+%C3%BC%3D1&price=0.5&tags=a&tags=b%26c&ref=r+1')
  })

  it('is read in any order, in its types', () => {
    expect(read('tags=a&message=Too%20few&price=0.50&code=12&status=error&other=1')).toMatchObject({ entry: 'short', code: 12, status: 402, message: 'Too few', details: { price: 0.5, tags: ['a'], other: '1' } })
    expect(read(paynote.answer(paynote.refuse('failed'), context).body)).toMatchObject({ entry: 'failed', requestId: 'r 1' })
  })

  it.each(['status=ok&code=12', 'code', '', 'status=error&code=%zz', '{"status":"error","code":12}', '=1&status=error&code=12'])('is not %j', (body) => {
    expect(read(body)).toBeUndefined()
  })
})

it('a success is a form too', () => {
  expect(paynote.success({ id: 7, text: 'a b', status: 'x' }, context).body).toBe('status=ok&id=7&text=a+b')
})

it('what is written is what is read, and a URLSearchParams reads the same', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1, unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), { minKeys: 1 }), (members) => {
      const text = formatForm(members)
      const expected = Object.fromEntries(Object.entries(members).filter(([name]) => name !== '__proto__'))
      expect(parseForm(text)).toEqual(expected)
      expect(text).toBe(new URLSearchParams(members).toString())
    }),
  )
})

it('no bytes make the reader throw', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseForm(text)))
  expect(parseForm('__proto__=1&a=2')).toEqual({ a: '2' })
})

it.each([
  [{ error: { code: '$code' } }, 'envelope.error.error: is no single text, as which it stands in a form; write a text or the slot of a single value; "...": $details gives each detail a name of its own'],
  [{ code: '$code', details: '$details' }, 'envelope.error.details: is no single text, as which it stands in a form; write a text or the slot of a single value; "...": $details gives each detail a name of its own'],
  [{ code: '$code', message: '$message|null' }, 'envelope.error.message: "$message|null" may be null, which a form does not have; write "$message?"'],
  ['$code', 'envelope.error: is no object, and a form is names with their texts; write { status: error, code: $code, message: $message }'],
])('%j has no form', (error, problem) => {
  const { declaration } = paynote
  const parsed = parseContract({ ...declaration, envelope: { contentType: 'application/x-www-form-urlencoded', error }, entries: declaration.entries })
  const problems = parsed.ok ? [] : parsed.problems.map(({ path, value, problem: said, mend }) => `${path}: ${value === undefined ? '' : `${JSON.stringify(value)} `}${said}; ${mend}`)
  expect(problems).toContain(problem)
})
