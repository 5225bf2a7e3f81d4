/**
 * What every contract must hold, as named cases for any test runner: each entry, with typical facts, with none, and with hostile ones, is a whole
 * and honest answer, keeps the duties of HTTP, and reads back as itself up to the stated loss.
 *
 *     for (const { name, run } of contractConformanceCases(contract)) test(name, run)
 */
import { compact } from '../contract/values/compact.ts'
import { sampleSuccesses } from '../contract/check/sample-successes.ts'
import type { Contract, Entry } from '../contract/declare/contract.ts'
import type { Facts, JsonValue } from '../contract/declare/facts.ts'
import { isHeaderValue, isToken } from '../contract/write/header-value.ts'
import { headerSets, parseRateLimitHeaders } from '../contract/values/rate-limit-headers.ts'
import { serverReasons } from '../contract/declare/reason.ts'
import { parseContract } from '../contract/declare/define-contract.ts'
import { sampleOf } from '../contract/read/pattern.ts'
import { recognisedBy } from '../contract/read/recognition.ts'
import { toReceivedHeaders } from '../contract/read/received-headers.ts'
import { refuse } from '../contract/declare/refusal.ts'
import { bodyFormatOf } from '../contract/write/body-format.ts'
import { isJsonObject } from '../contract/values/json-object.ts'
import type { TextAnswer, AnswerContext } from '../contract/declare/wire.ts'
import { closeCodeFault } from '../contract/declare/close-code.ts'
import { utf8Length } from '../contract/values/utf8-length.ts'
import { CLOSE_REASON_BYTES_MAX } from '../contract/write/web-socket-end.ts'
import { findDifferences, findRoundTripDifferences } from './contract-round-trip.ts'
import { typicalFacts } from './typical-facts.ts'

/** One duty of a contract. */
export interface ConformanceCase {
  readonly name: string
  /** Throws an Error that says what is wrong. */
  run(): void
}

const NOW_MS = Date.UTC(2024, 0, 1, 10, 30, 0, 250)
const HOSTILE = '"\\\r\nX-Injected: 1\r\n\r\n<b>{code} $code $$ \u0000\u2028\ud800 \u{1F4A5} __proto__ constructor'

/** Bodies that no reader may stumble over. */
const garbage: readonly (string | Uint8Array)[] = [
  '', ' ', 'null', 'true', '0', '-1e999', '"text"', '[]', '[[]]', '[null]', '{}', '{', '{"a":', '\uFEFF{}', 'undefined', '<html>Bad Gateway</html>',
  '{"__proto__":{"polluted":true}}', '{"constructor":{"prototype":{}}}', '{"error":null}', '{"error":"text"}', '{"error":[]}', '{"error":{"code":{}}}',
  '{"error":{"code":"constructor","message":["x"]},"code":"__proto__","success":"false"}',
  '<a/>', '<a>', '<a', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', '<__proto__><code>1</code></__proto__>', '<Error><Code><Code/></Code></Error>',
  '<a>'.repeat(100_000), '<a b="1" b="2"/>', '<a>&#0;</a>',
  '['.repeat(100_000), '{"a":'.repeat(1_000), `"${'x'.repeat(2_000_000)}"`,
  new Uint8Array([0xff, 0xfe, 0x00]), new Uint8Array([0xc3, 0x28]), new Uint8Array(0),
]

/**
 * What every contract must hold, as named cases for any test runner: each entry is a whole and honest answer, keeps the duties of HTTP, and reads back as
 * itself.
 *
 * @example
 * for (const { name, run } of contractConformanceCases(contract)) test(name, run)
 *
 * declare function test(name: string, run: () => void): void
 */
export function contractConformanceCases(contract: Contract): readonly ConformanceCase[] {
  const ofAll = [
    caseOf('garbage is read without a throw', () => checkGarbage(contract)),
    caseOf('a success is not an error', () => checkSuccess(contract)),
  ]
  if (contract.declaration.decodeOnly === true) return ofAll
  const context = contextOf(contract)
  const { stream, webSocket } = contract.declaration.envelope
  return [
    ...ofAll,
    caseOf('each reason has an entry', () => {
      for (const reason of serverReasons) assert(contract.entries.has(contract.entryFor(reason, {}).id), `${reason} has none`)
    }),
    caseOf('what is read as another entry is not repeated against its word', () => checkMisread(contract)),
    caseOf('request ids differ and fit in a header', () => checkRequestIds(contract)),
    ...[...contract.entries.values()].flatMap((entry) => [
      caseOf(`${entry.id} is whole with typical facts`, () => checkEntry(contract, entry, typicalFacts(entry, NOW_MS), context, true)),
      caseOf(`${entry.id} is whole without facts`, () => checkEntry(contract, entry, {}, context, true)),
      caseOf(`${entry.id} survives hostile facts`, () => checkEntry(contract, entry, hostileFacts(entry), context, false)),
      ...(entry.read === undefined ? [] : [caseOf(`${entry.id} is read by what it says that it is`, () => checkRecognised(contract, entry, context))]),
      ...(stream === undefined ? [] : [caseOf(`${entry.id} can break off a stream`, () => checkStream(contract, entry, context))]),
      ...(webSocket === undefined ? [] : [caseOf(`${entry.id} can end a WebSocket`, () => checkWebSocket(contract, entry, context))]),
    ]),
  ]
}

function caseOf(name: string, run: () => void): ConformanceCase {
  return { name, run }
}

function assert(holds: boolean, problem: string): asserts holds {
  if (!holds) throw new Error(problem)
}

function contextOf(contract: Contract): AnswerContext {
  const requestId = contract.mintRequestId(Uint8Array.from({ length: 16 }, (_, index) => index * 15 + 1))
  return { requestId, nowMs: NOW_MS, limits: sampleLimits(contract) }
}

/** One for each set of rate headers. */
function sampleLimits({ declaration: { rateLimitHeaders } }: Contract): NonNullable<AnswerContext['limits']> {
  const sets = headerSets(rateLimitHeaders)
  return (sets.length === 0 ? [undefined] : sets.map(({ of }) => of)).map((of) => ({ name: of ?? 'requests', of, limit: 100, used: 100, remaining: 0, resetAtMs: NOW_MS + 1_500 }))
}

function hostileFacts(entry: Entry): Facts {
  const facts = Object.entries(typicalFacts(entry, NOW_MS)).map(([name, value]) => [name, typeof value === 'string' ? HOSTILE : value] as const)
  const fields = { constructor: [HOSTILE], [HOSTILE]: [] }
  return { ...Object.fromEntries(facts), fields, allow: ['GET', HOSTILE], retryAfterMs: Number.NaN, resetAtMs: Infinity }
}

function checkEntry(contract: Contract, entry: Entry, facts: Facts, context: AnswerContext, isHonest: boolean): void {
  const refusal = refuse(entry.reason, facts, { entry: entry.id })
  const error = contract.render(refusal, context)
  const answer = contract.answer(refusal, context)
  assert(error.entry === entry.id, `rendered as ${error.entry}`)
  assert(answer.status === entry.sentAs, `status ${answer.status}`)
  checkHeaders(contract, entry, answer, context)
  const body = parseBody(contract, answer)
  if (isHonest) checkWords(answer, body)
  for (const [name, declaration] of Object.entries(entry.details ?? {})) {
    const told = declaration.startsWith('seconds') && declaration.endsWith('from retryAfterMs') ? error.details[name] : undefined
    assert(told === undefined || told === error.retryAfterSeconds, `${name} says ${told}, Retry-After ${error.retryAfterSeconds}`)
  }
  // `Allow` leaves out what is no method.
  const sent = error.allow === undefined ? error : { ...error, allow: error.allow.filter(isToken) }
  const differences = findRoundTripDifferences(contract, sent, context)
  assert(differences.length === 0, `does not read back: ${differences.join('; ')}`)
}

function checkHeaders(contract: Contract, entry: Entry, { headers }: TextAnswer, context: AnswerContext): void {
  assert(headers.length % 2 === 0, 'headers do not come in pairs')
  headers.forEach((text, index) => assert(index % 2 === 0 ? isToken(text) : isHeaderValue(text), `header ${index}: ${JSON.stringify(text)}`))
  const names = headers.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase())
  assert(new Set(names).size === names.length, `a header stands twice: ${names.join(', ')}`)
  const received = toReceivedHeaders(headers)
  assert(received['cache-control'] === 'no-store', 'may be cached')
  assert(received[contract.requestIdHeader.toLowerCase()] === context.requestId, 'the request id is not in its header')
  assert(received['content-type'] !== undefined, 'has no content type')
  assert(entry.status !== 401 || received['www-authenticate'] !== undefined, 'a 401 without WWW-Authenticate')
  assert(entry.status !== 407 || received['proxy-authenticate'] !== undefined, 'a 407 without Proxy-Authenticate')
  assert(entry.status !== 405 || received['allow'] !== undefined, 'a 405 without Allow')
  const wait = received['retry-after']
  assert((entry.status !== 429 && entry.status !== 503) || wait !== undefined, `a ${entry.status} without Retry-After`)
  assert(wait === undefined || /^[1-9]\d{0,9}$/.test(wait), `Retry-After: ${wait}`)
  const { rateLimitHeaders } = contract.declaration
  if (rateLimitHeaders !== undefined) assert(parseRateLimitHeaders(rateLimitHeaders, received, context.nowMs).length === Math.max(1, headerSets(rateLimitHeaders).length), 'not all rate headers')
}

function parseBody(contract: Contract, { body }: TextAnswer): JsonValue {
  assert(body !== '', 'the body is empty')
  const format = bodyFormatOf(contract.declaration.envelope.contentType)
  if (format === 'text') return body
  if (format !== 'xml') return JSON.parse(body) as JsonValue
  const tree = contract.hidden.parse(body) as JsonValue | undefined
  assert(tree !== undefined, `is no XML, or there is no parser for it: ${body}`)
  return tree
}

/** The marks of a value that was not there, and placeholders that nothing filled. */
function checkWords({ headers }: TextAnswer, body: JsonValue): void {
  for (const text of [...headers, ...stringsOf(body)]) {
    const mark = /\bundefined\b|\bNaN\b|\bNone\b|\[object |\{\w+(:\w+)?\}/.exec(text)?.[0]
    assert(mark === undefined, `says ${mark}: ${text}`)
  }
}

function stringsOf(value: JsonValue): readonly string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap((item: JsonValue) => stringsOf(item)) : []
}

/** Under codes and statuses that are not its own: as a server would send them whose entry had these. */
function checkRecognised(contract: Contract, { id, reason, read = {} }: Entry, context: AnswerContext): void {
  const { declaration, reader, parseXml, loss } = contract
  const { code, status } = recognisedBy({ read })
  const statuses = status.map((each) => (typeof each === 'number' ? each : Number(each[0]) * 100 + 99))
  const own = contract.declaration.entries[id]
  const others = [...code.map((pattern) => ({ code: sampleOf(String(pattern)), sentAs: statuses[0] ?? own?.sentAs })), ...statuses.map((sentAs) => ({ code: own?.code, sentAs }))]
  for (const other of others) {
    const sender = parseContract({ ...declaration, entries: { ...declaration.entries, [id]: { ...own, ...other } } }, { reader, parseXml })
    if (!sender.ok || Object.hasOwn(loss.entries, id)) continue
    const { status: sentAs, headers, body } = sender.contract.answer(refuse(reason, {}, { entry: id }), context)
    const found = contract.read({ status: sentAs, headers: toReceivedHeaders(headers), body })
    assert(found?.entry === id, `${sentAs} ${body} is read as ${found?.entry}`)
    assert(String(found.code) === String(other.code), `${body} is read with the code ${found.code}`)
  }
}

function checkStream(contract: Contract, entry: Entry, context: AnswerContext): void {
  const refusal = refuse(entry.reason, typicalFacts(entry, NOW_MS), { entry: entry.id })
  const frame = contract.streamFrame(refusal, context)
  assert(frame?.endsWith('\n\n') === true, `the frame does not end: ${frame}`)
  const [event = ''] = frame.split('\n\n')
  const data = /^data: (.*)$/m.exec(event)?.[1] ?? ''
  const name = /^event: (.*)$/m.exec(event)?.[1]
  const read = contract.readStreamEvent(compact({ data, event: name }))
  assert(read !== undefined, `the frame is not recognised: ${frame}`)
  const difference = findDifferences(contract, contract.render(refusal, context), read).find((text) => /^(code|message)/.test(text))
  assert(difference === undefined, `the frame does not read back: ${difference}`)
}

function checkWebSocket(contract: Contract, entry: Entry, context: AnswerContext): void {
  for (const facts of [typicalFacts(entry, NOW_MS), {}, hostileFacts(entry)]) {
    const refusal = refuse(entry.reason, facts, { entry: entry.id })
    const end = contract.webSocketEnd(refusal, context)
    assert(end !== undefined, 'there is no end')
    const { frame, closeCode, closeReason } = end
    assert(closeCodeFault(closeCode) === undefined, `the close code ${closeCode} ${closeCodeFault(closeCode)}`)
    assert(utf8Length(closeReason) <= CLOSE_REASON_BYTES_MAX, `the reason is too long for a close: ${closeReason}`)
    const sent = contract.render(refusal, context)
    const { webSocket } = contract.loss
    for (const [form, read, loss] of [['frame', frame === undefined ? undefined : contract.readFrame(frame), webSocket?.frame], ['close', contract.readClose({ code: closeCode, reason: closeReason }), webSocket?.close]] as const) {
      if (loss === undefined) continue
      assert(read !== undefined, `the ${form} is not recognised: ${JSON.stringify(end)}`)
      const differences = findDifferences(contract, sent, read, loss)
      assert(differences.length === 0, `the ${form} does not read back: ${differences.join('; ')}`)
    }
  }
}

function checkGarbage(contract: Contract): void {
  for (const body of garbage) {
    for (const status of [200, 404, 429, 500, Number.NaN]) contract.read({ status, headers: { 'retry-after': 'soon', date: 'now' }, body })
    const read = contract.read({ status: 200, headers: {}, body })
    assert(read === undefined || typeof read.reason === 'string', `reads ${String(body).slice(0, 40)}`)
    if (typeof body === 'string') contract.readStreamEvent({ data: body, event: 'error' })
    contract.readFrame(body)
    for (const code of [0, 1000, 1001, 1006, 1008, 1011, 4000, 65_535, Number.NaN]) contract.readClose({ code, reason: body })
  }
  assert(!Object.hasOwn(Object.prototype, 'polluted'), 'the prototype of all objects was changed')
}

function checkSuccess(contract: Contract): void {
  for (const body of sampleSuccesses(contract)) {
    const read = contract.read({ status: 200, headers: {}, body })
    assert(read === undefined, `${body} is read as ${read?.entry}`)
  }
  const { success } = contract.declaration.envelope
  if (success === undefined || !isJsonObject(success)) return
  const isXml = bodyFormatOf(contract.declaration.envelope.contentType) === 'xml'
  const data = { id: 'res_1', code: 'x' }
  const body = isXml ? contract.success(data, contextOf(contract)).body : JSON.stringify(success, (_, value: JsonValue) => (typeof value === 'string' && value.startsWith('$') ? data : value))
  const read = contract.read({ status: 200, headers: {}, body })
  assert(read === undefined, `${body} is read as ${read?.code}`)
}

/** The loss may excuse another entry, but not a client that repeats what its own forbids. */
function checkMisread({ entries, loss }: Contract): void {
  for (const [id, as] of Object.entries(loss.entries)) {
    const [sent, read] = [entries.get(id)?.retry, entries.get(as)?.retry]
    assert(read === 'never' || read === sent, `${id} says "${sent}" and is read as ${as}, which says "${read}"`)
  }
}

function checkRequestIds(contract: Contract): void {
  const ids = [0, 1, 255].map((byte) => contract.mintRequestId(new Uint8Array(16).fill(byte)))
  assert(new Set(ids).size === ids.length, `the same id twice: ${ids.join(', ')}`)
  for (const id of ids) assert(isHeaderValue(id) && id.length >= 16, `id ${id}`)
}
