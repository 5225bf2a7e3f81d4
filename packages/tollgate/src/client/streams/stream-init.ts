import type { StreamEnd } from '../../contract/declare/declaration.ts'
import type { CallInit } from '../outgoing.ts'
import type { StreamEvent } from './event-parser.ts'

/** What a stream is told beside what a call is told. */
export interface StreamInit extends CallInit {
  /** How long it may say nothing once it has begun. Default 120,000. */
  readonly idleTimeoutMs?: number
  /** The longest event. Default 16,777,216. */
  readonly eventCharsMax?: number
  /** How it says that it is whole. `false`: it does not, and every end is one. Default: what the contract says. */
  readonly end?: StreamEnd | readonly StreamEnd[] | false
  /** Whether an event is output already. As long as none was, events are held back, and the call may begin anew. Default: each one is. */
  readonly isOutput?: (event: StreamEvent) => boolean
  /** The server goes on where it broke off (`Last-Event-ID`): then it is asked to, by a request that may be repeated. Default `false`. */
  readonly resumes?: boolean
}

/** Wrong options are found before anything is sent: throws a `TypeError` that names the option and its value. */
export function checkStreamInit({ idleTimeoutMs, eventCharsMax, isOutput, resumes, end }: StreamInit): void {
  demand(idleTimeoutMs === undefined || idleTimeoutMs > 0, 'idleTimeoutMs', idleTimeoutMs, 'must be a number of milliseconds above 0')
  demand(eventCharsMax === undefined || eventCharsMax >= 1, 'eventCharsMax', eventCharsMax, 'must be a number of characters, 1 or more')
  demand(isOutput === undefined || typeof isOutput === 'function', 'isOutput', isOutput, 'must be a function')
  demand(resumes === undefined || typeof resumes === 'boolean', 'resumes', resumes, 'must be true or false')
  demand(end === undefined || end === false || [end].flat().every((each) => typeof each === 'object' && each !== null), 'end', end, "must be false, or how the stream ends: { data: '[DONE]' }")
}

function demand(isRight: boolean, name: string, value: unknown, what: string): void {
  if (!isRight) throw new TypeError(`stream: ${name} is ${typeof value === 'object' ? JSON.stringify(value) : String(value)}; it ${what}`)
}
