/** A step and a request → the bytes that are to go out, and when. Whoever serves a mock does what a plan says, and nothing else. */
import type { Contract, Entry } from '../../contract/declare/contract.ts'
import { rulesWhere } from '../../contract/declare/entry-rules.ts'
import type { Facts, JsonValue } from '../../contract/declare/facts.ts'
import { refuse, type Refusal } from '../../contract/declare/refusal.ts'
import type { AnswerContext, WireError } from '../../contract/declare/wire.ts'
import { toReceivedHeaders } from '../../contract/read/received-headers.ts'
import { parseRetryAfter } from '../../contract/values/retry-after.ts'
import { typicalFacts } from '../typical-facts.ts'
import type { MockPlayed } from './mock-attempt.ts'
import type { MockScript, MockStep } from './mock-script.ts'
import { entryOfCode } from './on-demand.ts'

/** What is to be sent. */
export interface MockPlan {
  /** To be said again when it has ended. */
  readonly attempt: number
  readonly delayMs: number
  /** Undefined: the connection is closed without an answer. */
  readonly head: { readonly status: number; readonly headers: readonly string[] } | undefined
  /** What `Content-Length` says, right or wrong; undefined: the body comes in chunks. */
  readonly length: number | undefined
  readonly pieces: readonly MockPiece[]
  /** After the last piece. `reset` and `close`: of the connection, in the middle of the body. */
  readonly ends: 'whole' | 'reset' | 'close'
}

/** A part of a body, after so long. */
export interface MockPiece {
  readonly afterMs: number
  readonly bytes: Uint8Array
}

/** The plan but for whose it is, and what is to be remembered of it. */
export interface MockAnswer extends Omit<MockPlan, 'attempt'> {
  readonly played: MockPlayed
  readonly isStream: boolean
  readonly events: number
  readonly isDone: boolean
  /** Whether a body is cut, a length wrong, or a connection dropped on purpose. */
  readonly isBroken: boolean
}

/** What an answer is made from besides its step. */
export interface AnswerMaterial {
  readonly contract: Contract
  readonly script: MockScript
  readonly context: AnswerContext
  readonly method: string
  readonly path: string
  /** How the request asks for an answer. */
  readonly asksForStream: boolean
}

const WAIT_MS = 1_000
const DAY_MS = 86_400_000
/** A body that comes slowly comes in so many pieces. */
const SLOW_PIECES = 10

/** The refusal that a step names; undefined: it is a success, or no answer of the contract. */
export function refusalOfStep({ contract, context }: Pick<AnswerMaterial, 'contract' | 'context'>, { entry: id, code, reason, facts = {} }: MockStep): Refusal | undefined {
  const named = id === undefined ? (code === undefined ? undefined : entryOfCode(contract.entries, code)) : contract.entries.get(id)
  if (named !== undefined) return refuse(named.reason, factsFor(named, facts, context.nowMs), { entry: named.id })
  if (reason === undefined) return undefined
  const entry = contract.entryFor(reason, facts)
  return refuse(reason, factsFor(entry, facts, context.nowMs), { entry: entry.id })
}

/** Typical ones, but that a client which obeys is not held up for long: a wait is a second, and only where one is told or must be. */
export function factsFor(entry: Entry, said: Facts, nowMs: number): Facts {
  const { retryAfterMs: _wait, resetAtMs: _reset, ...any } = typicalFacts(entry, nowMs)
  const { field: _field, issue: _issue, rule: _rule, ...without } = any
  // What is at issue in a request is said where the request is at fault.
  const typical = /^(?:request|field|content)\./.test(entry.reason) || entry.when !== undefined ? any : without
  const tellsWait = entry.retry === 'wait' || (entry.retry === 'backoff' && (entry.status === 429 || entry.status === 503))
  if (entry.retry === 'never') return { ...typical, resetAtMs: nowMs + DAY_MS, ...said }
  return tellsWait ? { ...typical, retryAfterMs: WAIT_MS, resetAtMs: nowMs + WAIT_MS, ...said } : { ...typical, ...said }
}

export function answerStep(material: AnswerMaterial, step: MockStep): MockAnswer {
  const { drop, delayMs = 0 } = step
  const refusal = refusalOfStep(material, step)
  const isDone = refusal === undefined && step.raw === undefined && drop !== 'early'
  if (drop !== undefined) {
    return { delayMs, head: undefined, length: undefined, pieces: [], ends: 'close', played: { kind: 'dropped' }, isStream: false, events: 0, isDone, isBroken: true }
  }
  const body = bodyOf(material, step, refusal)
  return { delayMs, ...spoiled(body, step), played: body.played, isStream: body.isStream, events: body.events, isDone }
}

interface WholeAnswer {
  readonly status: number
  readonly headers: readonly string[]
  readonly played: MockPlayed
  readonly isStream: boolean
  readonly events: number
  /** The events of a stream, with what ends it; of any other answer the body alone. */
  readonly parts: readonly string[]
}

function bodyOf(material: AnswerMaterial, step: MockStep, refusal: Refusal | undefined): WholeAnswer {
  const { contract, context } = material
  const { raw, headers = {} } = step
  if (raw !== undefined) {
    const list = ['Content-Type', raw.contentType ?? 'text/html; charset=utf-8']
    return { status: raw.status, headers: changed(list, headers), played: { kind: 'raw', status: raw.status }, isStream: false, events: 0, parts: [raw.body ?? ''] }
  }
  if (refusal === undefined) return successOf(material, step)
  const sent = contract.render(refusal, context)
  if (step.midStream !== undefined) {
    const { frames, head } = streamOf(material, step)
    const frame = contract.streamFrame(refusal, context)
    const parts = [...frames.slice(0, step.midStream), ...(frame === undefined ? [] : [frame])]
    return { status: 200, headers: head, played: playedOf(contract, refusal, sent, [], context.nowMs), isStream: true, events: parts.length - 1, parts }
  }
  const written = contract.write(sent, context)
  const list = changed(written.headers, headers)
  return { status: written.status, headers: list, played: playedOf(contract, refusal, sent, list, context.nowMs), isStream: false, events: 0, parts: [written.body] }
}

function successOf(material: AnswerMaterial, step: MockStep): WholeAnswer {
  const { contract, script, context, method, path } = material
  const status = step.status ?? script.success?.status ?? 200
  const played = { kind: 'success', status, isReplay: false } as const
  if (step.stream ?? (material.asksForStream && step.body === undefined)) {
    const { frames, end, head } = streamOf(material, step)
    return { status, headers: head, played, isStream: true, events: frames.length, parts: [...frames, ...end] }
  }
  const data = step.body ?? script.success?.body ?? { ok: true, method, path }
  const written = contract.success(data, context, status)
  return { status, headers: changed(changed(written.headers, script.success?.headers ?? {}), step.headers ?? {}), played, isStream: false, events: 0, parts: [written.body] }
}

const typicalEvents: readonly JsonValue[] = ['This ', 'comes ', 'in ', 'several ', 'events.'].map((text) => ({ text }))

function streamOf({ contract, script, context }: AnswerMaterial, step: MockStep): { readonly frames: readonly string[]; readonly end: readonly string[]; readonly head: readonly string[] } {
  const frames = (script.success?.events ?? typicalEvents).map(frameOf)
  const head = changed(changed(['Content-Type', 'text/event-stream', 'Cache-Control', 'no-store', contract.requestIdHeader, context.requestId], script.success?.headers ?? {}), step.headers ?? {})
  return { frames, end: endsOf(contract), head }
}

/** `{ event, data }` is one with a name; a text goes out as it is. */
function frameOf(event: JsonValue): string {
  const named = typeof event === 'object' && event !== null && !Array.isArray(event) ? (event as { readonly [name: string]: JsonValue }) : undefined
  const isNamed = named !== undefined && typeof named['event'] === 'string' && Object.hasOwn(named, 'data') && Object.keys(named).length === 2
  return isNamed ? `event: ${String(named['event'])}\n${dataLines(named['data'] ?? null)}\n` : `${dataLines(event)}\n`
}

function dataLines(data: JsonValue): string {
  return (typeof data === 'string' ? data : JSON.stringify(data)).split('\n').map((line) => `data: ${line}\n`).join('')
}

/** What says that a stream is whole, in the words of the contract. */
function endsOf({ declaration }: Contract): readonly string[] {
  // Of several each says it: the first one will do.
  const [end] = [declaration.envelope.stream?.end ?? []].flat()
  return end === undefined ? [] : [`${end.event === undefined ? '' : `event: ${end.event}\n`}data: ${end.data ?? JSON.stringify({ type: end.event })}\n\n`]
}

function playedOf(contract: Contract, { facts }: Refusal, sent: WireError, headers: readonly string[], nowMs: number): MockPlayed {
  const entry = contract.entries.get(sent.entry ?? '')
  const { retry, action } = entry === undefined ? ({ retry: 'never', action: 'fix_request' } as const) : rulesWhere(facts.waitHelps, entry)
  return {
    kind: 'refusal', entry: sent.entry ?? '', code: sent.code ?? '', status: sent.status, reason: entry?.reason ?? 'internal', retry, action,
    ...toldWaits(contract, facts, sent, toReceivedHeaders(headers), nowMs), sent,
  }
}

function toldWaits(contract: Contract, { retryAfterMs }: Facts, { entry, details }: WireError, headers: { readonly [name: string]: string }, nowMs: number): { readonly toldWaitMs: number | undefined; readonly toldAtMostMs: number | undefined } {
  const inHead = (parseRetryAfter(headers['retry-after'], nowMs) ?? Number.NaN) * 1_000
  const isInBody = contract.detailsOf(entry ?? '').some((detail) => detail.from === 'retryAfterMs' && Object.hasOwn(details, detail.name))
  const told = [inHead, Number(headers['retry-after-ms'] ?? Number.NaN), isInBody && typeof retryAfterMs === 'number' ? retryAfterMs : Number.NaN].filter(Number.isFinite)
  // Whoever goes by either of them has waited.
  return told.length === 0 ? { toldWaitMs: undefined, toldAtMostMs: undefined } : { toldWaitMs: Math.min(...told), toldAtMostMs: Math.max(...told) }
}

function changed(headers: readonly string[], changes: { readonly [name: string]: string | null }): readonly string[] {
  const names = new Set(Object.keys(changes).map((name) => name.toLowerCase()))
  if (names.size === 0) return headers
  const kept = headers.filter((_, at) => !names.has((headers[at - (at % 2)] ?? '').toLowerCase()))
  return [...kept, ...Object.entries(changes).flatMap(([name, value]) => (value === null ? [] : [name, value]))]
}

/** The faults that a step has besides: cut, slow, of a length that is not its own. */
function spoiled({ status, headers, isStream, parts }: WholeAnswer, { cut, pauseMs, lengthOff }: MockStep): Pick<MockAnswer, 'head' | 'length' | 'pieces' | 'ends' | 'isBroken'> {
  const encoder = new TextEncoder()
  const whole = isStream ? parts.map((part) => encoder.encode(part)) : inPieces(encoder.encode(parts.join('')), pauseMs === undefined ? 1 : SLOW_PIECES)
  const bytes = whole.reduce((sum, part) => sum + part.length, 0)
  const sent = cut === undefined ? whole : isStream ? whole.slice(0, cut.after) : firstBytes(whole, cut.after)
  // An orderly end too soon is that of a shorter body.
  const length = isStream ? undefined : (cut?.by === 'end' ? sent.reduce((sum, part) => sum + part.length, 0) : bytes) + (lengthOff ?? 0)
  const isShort = length !== undefined && length !== sent.reduce((sum, part) => sum + part.length, 0)
  return {
    head: { status, headers },
    length: length === undefined ? undefined : Math.max(0, length),
    pieces: sent.map((part, at) => ({ afterMs: pauseMs !== undefined && (at > 0 || !isStream) ? pauseMs : 0, bytes: part })),
    ends: cut === undefined || cut.by === 'end' ? (isShort ? 'close' : 'whole') : cut.by,
    isBroken: cut !== undefined || (lengthOff ?? 0) !== 0,
  }
}

function inPieces(bytes: Uint8Array, count: number): readonly Uint8Array[] {
  const size = Math.max(1, Math.ceil(bytes.length / count))
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size))
}

function firstBytes(parts: readonly Uint8Array[], most: number): readonly Uint8Array[] {
  let left = most
  return parts.flatMap((part) => {
    const taken = part.subarray(0, Math.max(0, left))
    left -= part.length
    return taken.length === 0 ? [] : [taken]
  })
}
