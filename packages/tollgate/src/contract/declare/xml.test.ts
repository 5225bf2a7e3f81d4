/** Contracts whose bodies are XML: what is written, what of it is read, and what the check says. The parser is the gateway's. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseXml } from '../../../../gateway/src/platform/parse-xml.ts'
import { contractConformanceCases } from '../../testing/contract-conformance.ts'
import { findRoundTripDifferences } from '../../testing/contract-round-trip.ts'
import { sampleDeclaration, sampleEntry } from '../../testing/sample-contract.ts'
import { formatContractProblem } from '../check/contract-error.ts'
import { toXmlText } from '../write/xml.ts'
import type { Contract } from './contract.ts'
import type { EnvelopeDeclaration } from './declaration.ts'
import { parseContract } from './define-contract.ts'
import { refuse } from './refusal.ts'

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
const context = { requestId: 'r1', nowMs: 0 }

const limited = {
  code: 'LIMITED', status: 429, reason: 'rate.limited', message: ['Only {limit}.', 'Limited.'], attributes: { kind: 7 },
  details: { limit: 'integer?', share: 'number?', hard: 'boolean?', cost: 'money? from required', allowed: 'strings?', at: 'unix? from resetAtMs', who: 'string?' },
  description: 'Too many.',
}
const failed = { ...sampleDeclaration({}).entries['failed'], attributes: { kind: 1 } }

function parsed(envelope: Partial<EnvelopeDeclaration>, entries: object = {}, other: object = {}) {
  const declaration = sampleDeclaration({})
  return parseContract({ ...declaration, entries: { ...declaration.entries, ...entries }, ...other, envelope: { contentType: 'application/xml', ...envelope } }, { parseXml })
}

function contractOf(envelope: Partial<EnvelopeDeclaration>, entries?: object, other?: object): Contract {
  const result = parsed(envelope, entries, other)
  if (!result.ok) throw new Error(result.problems.map(formatContractProblem).join('\n'))
  return result.contract
}

function problemsOf(envelope: Partial<EnvelopeDeclaration>, entries?: object, other?: object): readonly string[] {
  const result = parsed(envelope, entries, other)
  return result.ok ? [] : result.problems.map(formatContractProblem)
}

const plain: Partial<EnvelopeDeclaration> = { error: { Error: { Code: '$code', Message: '$message', '...': '$details' } } }
const withAttributes: Partial<EnvelopeDeclaration> = {
  error: { response: { '@version': 1, status: 'failed', error: { '@code': '$code', '@kind': '$kind', '#text': '$message' }, 'data?': '$details', '@id': '$requestId' } },
  success: { response: { '@version': 1, status: 'ok', data: '$data' } },
}
const listed: Partial<EnvelopeDeclaration> = { error: { Errors: { Error: { $each: '$errors', as: { Code: '$code', Message: '$message', 'Field?': '$field', 'Issue?': '$issue' } } } } }
const soap: Partial<EnvelopeDeclaration> = {
  contentType: 'text/xml',
  error: { 'soap:Envelope': { '@xmlns:soap': 'http://schemas.xmlsoap.org/soap/envelope/', 'soap:Body': { 'soap:Fault': { faultcode: '{code}', faultstring: '$message', 'detail?': '$details' } } } },
  success: { 'soap:Envelope': { '@xmlns:soap': 'http://schemas.xmlsoap.org/soap/envelope/', 'soap:Body': { Result: '$data' } } },
}
const odd = { limited, failed }

describe('writing', () => {
  it('makes elements, attributes and texts, with all escaped', () => {
    const contract = contractOf(withAttributes, odd)
    const refusal = refuse('rate.limited', { limit: 3, allowed: ['a&b', '<c>'], who: 'x\r\n"\0\ud800\uffff]]>' }, { entry: 'limited' })
    const answer = contract.answer(refusal, { ...context, requestId: '"<\n' })
    expect(answer.headers.slice(0, 2)).toEqual(['Content-Type', 'application/xml'])
    expect(answer.body).toBe(
      `${HEAD}<response version="1" id="&quot;&lt;&#10;"><status>failed</status><error code="LIMITED" kind="7">Only 3.</error><data><limit>3</limit><allowed>a&amp;b</allowed><allowed>&lt;c&gt;</allowed><who>x&#13;\n"]]&gt;</who></data></response>`,
    )
    expect(contract.answer(refuse('internal'), context).body).toContain('<status>failed</status><error code="')
    expect(contract.answer(refuse('internal'), context).body).not.toContain('<data')
  })

  it('a success has its form, and names of data become names of elements', () => {
    const contract = contractOf(withAttributes, odd)
    const data = { 'a b': 1, '@x': [1, [2, null]], '1': '', 'soap:x': null, '': true, __proto: '<' }
    expect(contract.success(data, context).body).toBe(`${HEAD}<response version="1"><status>ok</status><data><_x0031_/><a_x0020_b>1</a_x0020_b><_x0040_x>1</_x0040_x><_x0040_x><item>2</item></_x0040_x><_>true</_><__proto>&lt;</__proto></data></response>`)
    expect(contractOf(plain).success([1, 2], context)).toMatchObject({ status: 200, body: `${HEAD}<data><item>1</item><item>2</item></data>` })
    expect(contractOf({ ...plain, contentType: 'application/problem+xml' }).success(null, context)).toMatchObject({ headers: expect.arrayContaining(['application/xml']), body: `${HEAD}<data/>` })
    expect(contractOf({ ...plain, contentType: 'text/xml' }).success(null, context).headers[1]).toBe('text/xml; charset=utf-8')
  })

  it('no name of what is said again of a request breaks out', () => {
    const contract = contractOf({ error: { Error: { Code: '$code', Asked: '$request.id' } }, success: { Result: { Asked: '$request.id', Data: '$data' } } })
    const hostile = { '@xmlns': 'x', '#text': 'x', 's:a': 1, '><b': '<' }
    const asked = '<Asked><_x0040_xmlns>x</_x0040_xmlns><_x0023_text>x</_x0023_text><s_x003A_a>1</s_x003A_a><_x003E__x003C_b>&lt;</_x003E__x003C_b></Asked>'
    const withRequest = { ...context, request: () => hostile }
    expect(contract.answer(refuse('internal'), withRequest).body).toBe(`${HEAD}<Error><Code>FAILED</Code>${asked}</Error>`)
    expect(contract.success(1, withRequest).body).toBe(`${HEAD}<Result>${asked}<Data>1</Data></Result>`)
  })

  it('without a parser a contract writes, and reads nothing', () => {
    const parts = sampleDeclaration({})
    const result = parseContract({ ...parts, envelope: { contentType: 'application/xml', ...plain } })
    if (!result.ok) throw new Error('has problems')
    const { status, body } = result.contract.answer(refuse('internal'), context)
    expect(body).toContain('<Error><Code>')
    expect(result.contract.read({ status, headers: {}, body })).toBeUndefined()
  })
})

describe.each([['plain', plain], ['with attributes and a success', withAttributes], ['a list', listed], ['SOAP', soap]] as const)('a contract: %s', (name, envelope) => {
  const entries = name === 'with attributes and a success' ? odd : { limited: { ...limited, attributes: {} } }
  const contract = contractOf(envelope, entries)

  it.each(contractConformanceCases(contract).map(({ name: what, run }) => [what, run] as const))('%s', (_, run) => expect(run).not.toThrow())

  it('reads back what it writes, whatever stands in it', () => {
    const text = fc.string({ unit: 'binary', maxLength: 30 })
    const details = fc.record({ limit: fc.maxSafeInteger().map((value) => value + 0), share: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0), hard: fc.boolean(), cost: fc.integer().map((units) => units / 100 + 0), allowed: fc.array(text, { maxLength: 3 }), at: fc.nat(), who: text }, { requiredKeys: [] })
    fc.assert(
      fc.property(text, details, (message, values) => {
        const error = { entry: 'limited', code: 'LIMITED', status: 429, message, details: values, requestId: 'r1', retryAfterSeconds: 5 }
        expect(findRoundTripDifferences(contract, error, context)).toEqual([])
      }),
    )
  })
})

describe('reading', () => {
  const read = (contract: Contract, body: string, status = 429) => contract.read({ status, headers: {}, body })

  it('goes by structure: order, space, comments, references and unknown elements do not matter', () => {
    const contract = contractOf(plain, { limited: { ...limited, attributes: {} } })
    const body = '<?xml version="1.0"?><!-- x -->\n<Error xmlns="urn:x" a="b">\n  <limit>\n4</limit><Other><Code>NO</Code></Other>\n <Message><![CDATA[Only <4>.]]></Message><Code >LI&#77;ITED</Code>\n</Error>'
    expect(read(contract, body)).toMatchObject({ entry: 'limited', message: 'Only <4>.', details: { limit: 4, Other: { Code: 'NO' } } })
    expect(read(contract, body.replaceAll('<Error', '<x:Error').replace('</Error', '</x:Error').replace('xmlns=', 'xmlns:x='))?.entry).toBe('limited')
    expect(read(contract, '<Fault><Code>LIMITED</Code></Fault>')).toBeUndefined()
    expect(read(contract, '<Error>&LIMITED;</Error>')).toBeUndefined()
    expect(read(contract, `<!DOCTYPE Error [<!ENTITY c "LIMITED">]><Error><Code>&c;</Code></Error>`)).toBeUndefined()
    expect(read(contract, '<Error><Code>LIMITED</Code><__proto__><x>1</x></__proto__></Error>')?.details).toEqual({})
  })

  it('a number is a text: codes and attributes fit by it', () => {
    const contract = contractOf(withAttributes, { ...odd, numbered: { ...sampleEntry, code: 42, status: 400, reason: 'field.invalid', attributes: { kind: 9 } } })
    expect(read(contract, '<response><status>failed</status><error code="42" kind="9">No.</error></response>', 400)).toMatchObject({ entry: 'numbered', code: 42, message: 'No.' })
  })

  it('another prefix for the same namespace is the same', () => {
    const contract = contractOf(soap, { limited: { ...limited, attributes: {} } })
    const body = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>LIMITED</faultcode><faultstring>No.</faultstring></s:Fault></s:Body></s:Envelope>'
    expect(read(contract, body, 500)?.entry).toBe('limited')
    expect(read(contract, body.replaceAll('s:Fault', 's:Ok'), 200)).toBeUndefined()
  })

  it('one item or several are a list, and the worst counts', () => {
    const contract = contractOf(listed, { limited: { ...limited, attributes: {} } })
    const item = '<Error><Code>LIMITED</Code><Message>Slow.</Message></Error>'
    expect(read(contract, `<Errors>${item}</Errors>`)).toMatchObject({ entry: 'limited' })
    expect(read(contract, `<Errors>${item}${item}</Errors>`)?.errors).toMatchObject([{ entry: 'limited', index: 0 }, { entry: 'limited', index: 1 }])
  })

  it('under 200 the name of the root tells, where no success has it; else a constant', () => {
    const own = contractOf(plain, { limited: { ...limited, attributes: {} } })
    expect(read(own, '<Error><Code>LIMITED</Code></Error>', 200)?.entry).toBe('limited')
    expect(own.hidden.mayBe(200, 'application/xml') && own.hidden.mayBe(200, 'text/xml')).toBe(true)
    expect(own.hidden.mayBe(200, 'application/json')).toBe(false)
    expect([own.hidden.excludes({ List: '' }), own.hidden.excludes({ Error: '' })]).toEqual([true, false])
    const shared = contractOf(withAttributes, odd)
    expect(read(shared, '<response><status>failed</status><error code="LIMITED">No.</error></response>', 200)?.entry).toBe('limited')
    expect(read(shared, '<response><status>ok</status><data>1</data></response>', 200)).toBeUndefined()
    expect(shared.hidden.isMarked(shared.hidden.parse('<response><status>failed</status><error code="NEW">No.</error></response>'))).toBe(true)
  })

  it('what XML cannot hold is all that is lost', () => {
    expect(toXmlText('a\t\n\r\0\b\u001f\u007f\u0085\ud800\udc00\ud800\ufffe\ufffd')).toBe('a\t\n\r\u007f\u0085\ud800\udc00\ufffd')
    expect(contractOf(plain).loss).toEqual({ members: [], entries: {} })
  })
})

describe('the check says', () => {
  const code = { Code: '$code' }
  it.each([
    [{ error: { A: code, B: '$message' } }, 'envelope.error: has more than one root, and an XML document has one; write one element with all others in it: { Error: { Code: $code, Message: $message } }'],
    [{ error: '$code' }, 'envelope.error: is no element, and an XML document is one; write one element with all others in it: { Error: { Code: $code, Message: $message } }'],
    [{ error: { '...': '$details' } }, 'envelope.error: is no element, and an XML document is one; write one element with all others in it: { Error: { Code: $code, Message: $message } }'],
    [{ error: { 'E?': code } }, 'envelope.error.E: is the root, which is never left out; write "E" without the question mark'],
    [{ error: { E: [code] } }, 'envelope.error.E: is a list, which would repeat the root; put it one element deeper: { Errors: { Error: { $each: $errors, as: … } } }'],
    [{ error: { E: { ...code, '1a b': '$message' } } }, 'envelope.error.E.1a b: "1a b" is no XML name; begin with a letter or "_", and write letters, digits, ".", "-" and "_" only'],
    [{ error: { E: { ...code, '@a b': '$message' } } }, 'envelope.error.E.@a b: "@a b" is no XML name; begin with a letter or "_", and write letters, digits, ".", "-" and "_" only'],
    [{ error: { 's:E': code } }, 'envelope.error.s:E: "s:E" has a prefix that nothing declares; write "@xmlns:s" with its namespace into it, or into an element around it'],
    [{ error: { E: { ...code, M: null } } }, 'envelope.error.E.M: is null, which XML does not have; leave it out'],
    [{ error: { E: { ...code, M: '$requestId|null' } } }, 'envelope.error.E.M: "$requestId|null" may be null, which XML does not have; write "$requestId?"'],
    [{ error: { E: { ...code, M: '$fields' } } }, 'envelope.error.E.M: "$fields" is a map, whose keys are no names of elements; list them: { $each: $fields, as: { Field: $field, Issue: $issue } }'],
    [{ error: { E: { ...code, M: [['a']] } } }, 'envelope.error.E.M[0]: is a list in a list, whose items would have no name; give the inner one a name: { Items: […] }'],
    [{ error: { E: { '@code': '$code', '#text': '$message', M: 'x' } } }, 'envelope.error.E.#text: is a text among elements; give it an element of its own'],
    [{ error: { E: { ...code, '@m': '$details' } } }, 'envelope.error.E.@m: is no text, as which it stands there; write a text or the slot of a single value, or an element'],
    [{ error: { E: code }, stream: { event: 'error' } }, 'envelope.stream.data: is missing, and an XML document cannot stand in for it; write the JSON of a frame'],
  ])('%j', (envelope, problem) => expect(problemsOf(envelope)).toEqual([problem]))

  it('what details cannot be', () => {
    const details = { 'a b': 'string', any: 'json?', none: 'string|null' }
    expect(problemsOf(plain, { odd: { ...sampleEntry, reason: 'field.invalid', details } })).toEqual([
      'entries.odd.details.a b: "a b" is no XML name; begin with a letter or "_", and write letters, digits, ".", "-" and "_" only',
      'entries.odd.details.any: "json?" may hold any JSON, which has no form in XML; declare single values: string, integer, money, …',
      'entries.odd.details.none: "string|null" may be null, which XML does not have; write "string?"',
    ])
  })

  it('that a refusal is taken for a success where nothing tells them apart', () => {
    expect(problemsOf({ error: { r: { text: '$message' } }, success: { r: { text: '$data' } } }, {}, { alwaysStatus: 200 }).join()).toContain('is read as a success')
    expect(problemsOf({ error: { r: { '@failed': true, text: '$message', code: '$code' } }, success: { r: { text: '$data' } } }, {}, { alwaysStatus: 200 })).toEqual([])
  })
})
