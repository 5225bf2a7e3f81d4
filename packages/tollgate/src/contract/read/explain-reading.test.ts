/** Why an answer is read as it is. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalog } from '../../catalog/index.ts'
import { defineContract } from '../declare/define-contract.ts'
import type { ContractDeclaration, EntryDeclaration } from '../declare/declaration.ts'
import { serverReasons } from '../declare/reason.ts'
import { refuse } from '../declare/refusal.ts'
import { bodyFormatOf } from '../write/body-format.ts'
import { explainReading } from './explain-reading.ts'
import { toReceivedHeaders } from './received-headers.ts'

const entries = {
  failed: { code: 'FAILED', status: 500, reason: 'internal', alsoFor: serverReasons.filter((reason) => reason !== 'internal'), message: 'Failed.', description: 'Failed.', details: { left: 'integer?' } },
  far: { code: 'FAR', status: 422, sentAs: 200, read: { code: 'FAR_*', status: '5xx' }, reason: 'field.invalid', message: 'Far.', description: 'Far.' },
  far2: { code: 'FAR', status: 422, sentAs: 200, reason: 'field.invalid', message: 'Far.', description: 'Far.' },
  fast: { code: 'FAST', status: 429, read: 'Max*', reason: 'rate.limited', message: 'Max 3.', description: 'Fast.' },
} satisfies { readonly [id: string]: EntryDeclaration }
const declaration: ContractDeclaration = {
  name: 'why', title: 'Why', entries,
  envelope: {
    error: { ok: false, error: { code: '$code', message: '$message', details: '$details?' }, at: '$timestamp?' },
    success: { ok: true, version: 2, data: '$data' },
    families: {},
  },
}
const contract = defineContract(declaration)
const explain = (body: unknown, status = 500) => explainReading(contract, { status, headers: {}, body: typeof body === 'string' ? body : JSON.stringify(body) })

describe('what is read', () => {
  it('names the form that fits, by what its entry was chosen, where nothing stands, and what nobody has declared', () => {
    expect(explain({ ok: false, error: { code: 'FAILED', details: { left: 3, moon: 'full' } } })).toMatchObject({
      error: { entry: 'failed' }, form: 'envelope.error', chosenBy: ['its code', 'its status'], alike: [], empty: ['error.message ($message)', 'at ($timestamp?)'], undeclared: ['moon'], because: [],
    })
  })

  it.each([
    ['an entry that fits as well', { code: 'FAR', message: 'Far off.' }, 200, ['its code', 'its status'], ['far2']],
    ['its sentence', { code: 'FAST', message: 'Max 5.' }, 429, ['its code', 'its status', 'its sentence'], []],
    ['a code and a status that its read takes', { code: 'FAR_MOON', message: 'Far.' }, 503, ['the code "FAR_MOON" that its read takes', 'the status 503 that its read takes'], []],
    ['the status that it means', { code: 'FAR', message: 'Far.' }, 422, ['its code', 'the status 422 that it means'], ['far2']],
    ['a status of no entry', { code: 'FAILED', message: 'x' }, 418, ['its code', 'not its status, which is 500'], []],
    ['nothing, where no entry has the code', { code: 'NEW', message: 'x' }, 500, [], []],
  ])('%s', (_, error, status, chosenBy, alike) => {
    expect(explain({ ok: false, error }, status)).toMatchObject({ chosenBy, alike })
  })
})

describe('what is no refusal', () => {
  it.each([
    ['a success, by its constants', { ok: true, version: 2, data: 1 }, 500, 'it says what only a success says: ok is true, version is 2'],
    ['another constant', { ok: 'no', error: { code: 'FAILED' } }, 500, 'envelope.error: ok is "no", not false'],
    ['another kind of value', { ok: false, error: 'FAILED' }, 500, 'envelope.error: error is no object'],
    ['a body without its code', { ok: false, error: {} }, 500, 'envelope.error: a code always stands at error.code, and there is none'],
    ['no JSON', '<html>', 500, 'its body is no JSON, or nested too deeply'],
  ])('%s', (_, body, status, because) => {
    expect(explain(body, status)).toMatchObject({ error: undefined, form: undefined, because: [because] })
  })

  it('what fits and is not believed, and what says nothing', () => {
    const loose = defineContract({ ...declaration, entries: { failed: { ...entries.failed, code: '' } }, envelope: { error: { message: '$message' } } })
    const why = (body: unknown) => explainReading(loose, { status: 200, headers: {}, body: JSON.stringify(body) }).because
    expect(why({ message: 'queued' })).toEqual([expect.stringContaining('envelope.error: fits, but with status 200 nothing shows that it is a refusal')])
    expect(why({ pong: true })).toEqual(['envelope.error: nothing stands in it of what an error says'])
  })

  it('an item of a list, and a text', () => {
    const listed = defineContract({ ...declaration, envelope: { error: { errors: { $each: '$errors', as: { kind: 'error', code: '$code', message: '$message' } } } } })
    expect(explainReading(listed, { status: 500, headers: {}, body: '{"errors":[{"kind":"warning"}]}' }).because).toEqual(['envelope.error: no item of errors fits, the first since errors[0].kind is "warning", not "error"'])
    const text = defineContract({ ...declaration, envelope: { error: 'ERR $code: $message', contentType: 'text/plain' } })
    expect(explainReading(text, { status: 500, headers: {}, body: 'OK' }).because).toEqual(['envelope.error: the body is "OK", which has another form'])
  })
})

describe('of every shipped contract', () => {
  it.each(Object.entries(catalog))('%s: there is a why for each answer, and it says what is read', (_, shipped) => {
    const context = { requestId: 'r1', nowMs: 0 }
    // Who reads XML brings a parser: the guide's test shows it with the gateway's.
    const isUnread = shipped.declaration.decodeOnly === true || bodyFormatOf(shipped.declaration.envelope.contentType) === 'xml'
    const written = isUnread ? [] : [...shipped.entries.values()]
    const wrong = written.filter(({ id, reason }) => {
      const { status, headers, body } = shipped.answer(refuse(reason, {}, { entry: id }), context)
      const { error, form, because } = explainReading(shipped, { status, headers: toReceivedHeaders(headers), body })
      return error === undefined || because.length > 0 || !/^(?:envelope\.|reader$)/.test(form ?? '')
    })
    expect(wrong).toEqual([])
    fc.assert(
      fc.property(fc.anything(), fc.constantFrom(200, 404, 500, Number.NaN), (value, status) => {
        let body: string
        try {
          body = JSON.stringify(value) ?? ''
        } catch {
          body = ''
        }
        const { error, because } = explainReading(shipped, { status, headers: {}, body })
        expect(error === undefined).toBe(because.length > 0)
      }),
      { numRuns: 60 },
    )
  })
})
