/** A success as server-sent events, and what says that they are all. */
import type { Contract } from '../../contract/declare/contract.ts'
import type { JsonValue } from '../../contract/declare/facts.ts'
import { changedHeaders } from './changed-headers.ts'
import type { AnswerMaterial } from './mock-plan.ts'
import type { MockStep } from './mock-script.ts'

const typicalEvents: readonly JsonValue[] = ['This ', 'comes ', 'in ', 'several ', 'events.'].map((text) => ({ text }))

export function eventsOf({ contract, script, context }: AnswerMaterial, step: MockStep): { readonly frames: readonly string[]; readonly end: readonly string[]; readonly head: readonly string[] } {
  const frames = (script.success?.events ?? typicalEvents).map(frameOf)
  const head = changedHeaders(changedHeaders(['Content-Type', 'text/event-stream', 'Cache-Control', 'no-store', contract.requestIdHeader, context.requestId], script.success?.headers ?? {}), step.headers ?? {})
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
