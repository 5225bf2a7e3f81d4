/** What holds for every shipped contract: what is written is read back up to the stated loss, and nothing that a server may send breaks a reader. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Contract, Entry } from '../contract/declare/contract.ts'
import type { JsonValue } from '../contract/declare/facts.ts'
import { decideRetryAfterSeconds } from '../contract/values/retry-after.ts'
import type { ReadError, WireError } from '../contract/declare/wire.ts'
import { sampleOf } from '../contract/read/pattern.ts'
import { recognisedBy } from '../contract/read/recognition.ts'
import { contractConformanceCases } from '../testing/contract-conformance.ts'
import { findRoundTripDifferences } from '../testing/contract-round-trip.ts'
import { parseXml } from '../../../gateway/src/platform/parse-xml.ts'
import { defineContract, parseContract } from '../contract/declare/define-contract.ts'
import { refuse } from '../contract/declare/refusal.ts'
import { catalog } from './index.ts'

/** XML is read with the parser of the gateway. */
function reading(contract: Contract): Contract {
  const parsed = parseContract(contract.declaration, { reader: contract.reader, parseXml })
  if (!parsed.ok) throw new Error(`${contract.name} is not read back`)
  return parsed.contract
}

const all = Object.entries(catalog).map(([name, contract]) => [name, name === 's3' ? reading(contract) : contract] as const)
const written = all.filter(([, contract]) => contract.declaration.decodeOnly !== true)

it('each contract stands in the catalog under its own name', () => {
  for (const [name, contract] of all) expect(contract.name).toBe(name)
})

describe.each(Object.entries(catalog))('%s, which no program checks that imports it', (_, contract) => {
  it('has neither problems nor warnings', () => {
    const parsed = parseContract(contract.declaration, { reader: contract.reader, parseXml })
    expect(parsed.ok ? parsed.contract.warnings : parsed.problems).toEqual([])
  })

  it('has every member of a contract that was checked', () => {
    expect(Object.keys(contract).toSorted()).toEqual(Object.keys(defineContract(contract.declaration, { reader: contract.reader })).toSorted())
  })
})

describe('loss', () => {
  it('problem details lose no entry', () => {
    expect(catalog['problem']?.loss).toEqual({ members: [], entries: {} })
  })

  it('OpenAI cannot tell a missing key from a wrong one', () => {
    expect(catalog['openai']?.loss).toMatchObject({ members: [], entries: { missingKey: 'invalidKey' } })
  })
})

/** Any value that a detail of this declaration may have on the wire. */
function wireValue(declaration: string): fc.Arbitrary<JsonValue> {
  const type = /^[a-z]+/.exec(declaration)?.[0]
  const time = fc.integer({ min: 0, max: 4_000_000_000 })
  const text = fc.string({ unit: 'binary', maxLength: 20 })
  const values: Readonly<Record<string, fc.Arbitrary<JsonValue>>> = {
    string: text,
    strings: fc.array(text, { maxLength: 3 }),
    boolean: fc.boolean(),
    integer: fc.maxSafeInteger().map((value) => value + 0),
    number: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    money: fc.integer().map((units) => units / 100 + 0),
    timestamp: time.map((seconds) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')),
    unix: time,
    seconds: time,
    digits: fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).map(String),
    json: fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>,
  }
  const value = values[type ?? '']
  if (value === undefined) throw new Error(`no values are known for "${declaration}"`)
  return value
}

/** Required details always, null where that is declared, the others sometimes; a constant of the entry as it is. */
function wireDetails(entry: Entry): fc.Arbitrary<WireError['details']> {
  const constants: Readonly<Record<string, JsonValue>> = entry.attributes ?? {}
  const declared = Object.entries(entry.details ?? {})
  const values = declared.map(([name, declaration]) => {
    const value = Object.hasOwn(constants, name) ? fc.constant(constants[name] ?? null) : wireValue(declaration)
    return [name, declaration.includes('|null') ? fc.option(value, { nil: null }) : value] as const
  })
  const requiredKeys = declared.flatMap(([name, declaration]) => (declaration.includes('?') ? [] : [name]))
  return fc.record(Object.fromEntries(values), { requiredKeys })
}

/** Any, but where an entry is known by its sentence. */
function messageOf(entry: Entry): fc.Arbitrary<string> {
  const { message: patterns } = recognisedBy(entry)
  return patterns.length === 0 ? fc.string({ unit: 'binary', maxLength: 40 }) : fc.constantFrom(...patterns.map(sampleOf))
}

function wireError(contract: Contract): fc.Arbitrary<WireError> {
  const hasTimestamp = JSON.stringify(contract.declaration.envelope).includes('$timestamp')
  const arbitraries = [...contract.entries.values()].map((entry) => {
    const error = fc.record({
      entry: fc.constant(entry.id),
      code: fc.constant(entry.code),
      status: fc.constant(entry.status),
      message: messageOf(entry),
      details: wireDetails(entry),
      requestId: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((random) => contract.mintRequestId(random)),
      ...(hasTimestamp && { timestamp: wireValue('timestamp').map(String) }),
      ...(entry.status === 405 && { allow: fc.subarray(['GET', 'POST', 'PUT'], { minLength: 1 }) }),
    })
    // A wait that the details tell is the one of the header.
    const waitDetail = Object.entries(entry.details ?? {}).find(([, declaration]) => declaration.endsWith('from retryAfterMs'))?.[0] ?? ''
    const seconds = fc.integer({ min: 1, max: 10_000_000 })
    // Written with one in any case.
    const needsWait = decideRetryAfterSeconds(entry, {}, 0) !== undefined
    const wait = needsWait ? seconds : fc.option(seconds, { nil: undefined })
    return fc.tuple(error, wait).map(([said, retryAfterSeconds]): WireError => {
      const { [waitDetail]: told, ...others } = said.details
      if (retryAfterSeconds === undefined) return { ...said, details: others }
      return { ...said, details: told === undefined ? others : { ...others, [waitDetail]: retryAfterSeconds }, retryAfterSeconds }
    })
  })
  return fc.oneof(...arbitraries)
}

describe.each(all)('%s', (_, contract) => {
  for (const { name, run } of contractConformanceCases(contract)) it(name, () => expect(run).not.toThrow())
})

describe.each(written)('%s', (_, contract) => {
  it('reads back what it writes, up to the stated loss', () => {
    fc.assert(
      fc.property(wireError(contract), (error) => {
        expect(findRoundTripDifferences(contract, error, { requestId: error.requestId ?? '', nowMs: 0 })).toEqual([])
      }),
    )
  })
})

/** Whatever was read: nothing of an error, or one whose members have their types. */
function isSound(read: ReadError | undefined): boolean {
  if (read === undefined) return true
  const { message, details, status, retryAfterSeconds = 0 } = read
  return typeof message === 'string' && typeof status === 'number' && retryAfterSeconds >= 0 && !Object.hasOwn(details, '__proto__')
}

describe.each(all)('%s reads anything', (_, contract) => {
  const status = fc.constantFrom(0, 100, 200, 204, 301, 400, 401, 402, 404, 405, 413, 429, 500, 503, 529, 999, Number.NaN)
  const headers = fc.dictionary(fc.constantFrom('content-type', 'retry-after', 'allow', 'date', 'x-request-id', '__proto__'), fc.string({ unit: 'binary' }))
  /** Words of the dialects, so that a random value comes close to their shapes. */
  const word = fc.constantFrom(
    'error', 'errors', 'code', 'message', 'msg', 'type', 'title', 'detail', 'details', 'status', 'success', 'data', 'meta', 'request_id', 'ok', 'param',
    'response', 'extensions', 'cost', 'throttleStatus', 'userErrors', 'field', '@type', 'retryDelay', 'violations', 'pointer', '__proto__', 'constructor',
    'google.rpc.RetryInfo', '{"error":{"code":429,"message":"{}"}}', 'THROTTLED', 'RESOURCE_EXHAUSTED', 'Please try again in 9m52.272s.', '#/a',
  )
  const { node } = fc.letrec<{ node: unknown }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.oneof(word, fc.constantFrom(null, true, false, 0, -1, 429, 1e308), fc.string({ unit: 'binary' })),
      fc.array(tie('node'), { maxLength: 3 }),
      fc.dictionary(word, tie('node'), { maxKeys: 5 }),
    ),
  }))

  it('of any JSON and never throws', () => {
    fc.assert(
      fc.property(status, headers, node, (code, received, value) => {
        const body = JSON.stringify(value)
        expect(isSound(contract.read({ status: code, headers: received, body }))).toBe(true)
        expect(isSound(contract.readStreamEvent({ data: body }))).toBe(true)
        expect(isSound(contract.readStreamEvent({ event: 'error', data: body }))).toBe(true)
        expect(isSound(contract.readFrame(body))).toBe(true)
      }),
    )
  })

  it('of any bytes and never throws', () => {
    fc.assert(
      fc.property(status, headers, fc.uint8Array({ maxLength: 64 }), (code, received, body) => {
        expect(isSound(contract.read({ status: code, headers: received, body }))).toBe(true)
        expect(isSound(contract.readFrame(body))).toBe(true)
        expect(isSound(contract.readClose({ code: code + 1000, reason: body }))).toBe(true)
      }),
    )
  })

  it('that is far too large or too deep, quickly', () => {
    const deep = `${'{"error":'.repeat(100_000)}1${'}'.repeat(100_000)}`
    const nested = JSON.stringify({ error: { code: 429, message: '{"error":'.repeat(50_000), details: [{}] } })
    const text = JSON.stringify({ error: { message: `try again in ${'9m'.repeat(200_000)}`, code: null }, errors: 'x'.repeat(100_000) })
    const before = process.cpuUsage()
    for (const body of [deep, nested, text, 'x'.repeat(5_000_000)]) expect(isSound(contract.read({ status: 429, headers: {}, body }))).toBe(true)
    // Of the processor's time, in microseconds: other work on the machine does not lengthen it.
    expect(process.cpuUsage(before).user).toBeLessThan(5_000_000)
  })
})

it('GraphQL over a WebSocket is refused by a close alone, and known by its code', () => {
  const { graphql } = catalog
  const end = graphql?.webSocketEnd(refuse('rate.limited'), { requestId: 'req_1', nowMs: 0 })
  expect(end).toMatchObject({ frame: undefined, closeCode: 4429 })
  expect(graphql?.readClose({ code: 4429, reason: 'Too many initialisation requests' })).toMatchObject({ reason: 'rate.limited', status: 429, retry: 'wait' })
  expect(graphql?.readClose({ code: end?.closeCode ?? 0, reason: end?.closeReason ?? '' })).toMatchObject({ entry: graphql?.entryFor('rate.limited', {}).id })
})
