/** Anything that somebody pastes, as the answers that it tells of. */
import { edgeBody, edgeStatus } from './edge-text.ts'
import { readLogfmt } from './logfmt-line.ts'
import type { JsonValue } from '../contract/declare/facts.ts'
import { parseBoundedJson } from '../contract/read/bounded-json.ts'
import { readHar } from './har-entry.ts'
import { readHttpText } from './http-text.ts'
import { readRecord } from './logged-record.ts'
import type { Pasted, PastedAnswer } from './pasted-answer.ts'
import { readFailure, readThrown, statusIn } from './thrown-text.ts'

/** So many answers of one paste are explained. */
export const PASTED_MAX = 100

/** What is longer is cut off. */
const CHARS_MAX = 4_194_304

/** Empty where nothing in it speaks of an answer or a failure. Never throws. */
export function readPasted(text: string): readonly Pasted[] {
  const trimmed = text.slice(0, CHARS_MAX).replace(/^\uFEFF/, '').trim()
  if (trimmed === '') return []
  const http = /^(?:< )?HTTP\/[\d.]+ \d{3}/m.test(trimmed) ? readHttpText(trimmed) : undefined
  if (http !== undefined) return [toPasted(http)]
  const json = parseBoundedJson(trimmed) as JsonValue | undefined
  if (typeof json === 'object' && json !== null) return (readHar(json) ?? [readRecord(json) ?? bodyAlone(trimmed)]).slice(0, PASTED_MAX).map(toPasted)
  const events = eventsIn(trimmed)
  if (events.length > 0) return events.map(toPasted)
  const lines = trimmed.split(/\r?\n/)
  const logged = lines.length > 1 && lines.every((line) => line === '' || line.startsWith('{')) ? lines.slice(0, PASTED_MAX).flatMap((line) => recordIn(line) ?? []) : []
  if (logged.length > 0) return logged.map(toPasted)
  const edge = edgeBody(trimmed)
  if (edge !== undefined) return [toPasted(bodyAlone(edge))]
  return trimmed.startsWith('<') ? [toPasted({ ...bodyAlone(trimmed), status: titleStatus(trimmed) })] : readLine(trimmed)
}

/** A page says its status in its title. */
function titleStatus(page: string): number | undefined {
  const [, status] = /<(?:title|h1)>\D{0,40}([45]\d{2})\b/i.exec(page) ?? []
  return status === undefined ? undefined : Number(status)
}

function readLine(text: string): readonly Pasted[] {
  const status = edgeStatus(text)
  if (status !== undefined) return [toPasted({ ...bodyAlone(text), status })]
  const logged = readAccessLine(text) ?? readLogfmt(text)
  if (logged !== undefined) return [toPasted(logged)]
  const failure = readFailure(text)
  const thrown = readThrown(text)
  // An answer that came outweighs a word of the network in its text, and a word of the network a figure that may be a port.
  if (thrown?.status !== undefined && (failure === undefined || statusIn(text) !== undefined)) return [toPasted(thrown)]
  if (failure !== undefined) return [{ kind: 'failure', failure }]
  if (thrown !== undefined) return [toPasted(thrown)]
  return /\s/.test(text) ? [toPasted({ form: 'text', status: undefined, headers: {}, hasHeaders: false, body: text })] : []
}

/** The common log format of web servers: `"POST /v1/x HTTP/1.1" 429 162`. */
function readAccessLine(text: string): PastedAnswer | undefined {
  const [, method, url, status] = /"([A-Z]{3,8}) (\S+) HTTP\/[\d.]+" (\d{3}) (?:\d+|-)/.exec(text) ?? []
  if (method === undefined) return undefined
  const [, instant] = /\[(\d\d\/\w{3}\/\d{4}):/.exec(text) ?? []
  const atMs = instant === undefined ? Number.NaN : Date.parse(/\[(\d\d)\/(\w{3})\/(\d{4}):([\d:]+ [+-]\d{4})\]/.exec(text)?.slice(1, 5).join(' ') ?? '')
  return { form: 'log', status: Number(status), headers: {}, hasHeaders: false, body: '', request: { method, url, hasKey: undefined }, atMs: Number.isNaN(atMs) ? undefined : atMs }
}

function recordIn(line: string): PastedAnswer | undefined {
  const record = parseBoundedJson(line) as JsonValue | undefined
  return record === undefined ? undefined : readRecord(record)
}

function bodyAlone(body: string): PastedAnswer {
  return { form: 'body', status: undefined, headers: {}, hasHeaders: false, body }
}

/** The last events of a stream: what broke it off stands at its end. */
function eventsIn(text: string): readonly PastedAnswer[] {
  if (!/^(?:event|data):/m.test(text) || !/^data:/m.test(text)) return []
  return text
    .split(/\r?\n\r?\n/)
    .slice(-PASTED_MAX)
    .flatMap((frame): readonly PastedAnswer[] => {
      const lines = frame.split(/\r?\n/)
      const data = lines.flatMap((line) => /^data: ?(.*)$/.exec(line)?.[1] ?? [])
      const [, event] = lines.map((line) => /^event: ?(.*)$/.exec(line)).find((found) => found !== null) ?? []
      return data.length === 0 ? [] : [{ form: 'events', status: undefined, headers: {}, hasHeaders: false, body: data.join('\n'), event }]
    })
}

function toPasted(answer: PastedAnswer): Pasted {
  return { kind: 'answer', answer }
}
