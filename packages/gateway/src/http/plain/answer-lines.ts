/** The lines of an answer's head that are the same for every answer of a while: its status, its date, and what becomes of the connection. */
import { STATUS_CODES, validateHeaderName, validateHeaderValue } from 'node:http'
import type { Clock } from 'tollgate/engine'

const statusLines = new Map<number, string>()

/** Throws where it is none. */
export function statusLine(status: number): string {
  let line = statusLines.get(status)
  if (line !== undefined) return line
  if (!Number.isInteger(status) || status < 100 || status > 999) throw new RangeError(`${status} is no status of HTTP`)
  line = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}\r\n`
  statusLines.set(status, line)
  return line
}

/** Names that were found to be tokens: an API says the same few in each answer. */
const fineNames = new Set<string>()
const FINE_NAMES_MAX = 1_000
const valueFault = /[^\t\x20-\x7e\x80-\xff]/

/** `Name: value`. Throws where one of them would end its line, or is none. */
export function headerLine(name: string, value: string): string {
  if (!fineNames.has(name)) {
    validateHeaderName(name)
    // A copy: the name was cut out of a whole head.
    if (fineNames.size < FINE_NAMES_MAX) fineNames.add(Buffer.from(name, 'latin1').toString('latin1'))
  }
  if (valueFault.test(value)) validateHeaderValue(name, value)
  return `${name}: ${value}\r\n`
}

/** What a listener says under every head. */
export class AnswerLines {
  readonly #clock: Pick<Clock, 'wallMs'>
  readonly keepAlive: string
  #second = -1
  #date = ''

  constructor(clock: Pick<Clock, 'wallMs'>, keepAliveMs: number) {
    this.#clock = clock
    this.keepAlive = `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(keepAliveMs / 1_000)}\r\n`
  }

  /** RFC 9110 section 6.6.1. */
  date(): string {
    const second = Math.floor(this.#clock.wallMs() / 1_000)
    if (second !== this.#second) {
      this.#second = second
      this.#date = `Date: ${new Date(second * 1_000).toUTCString()}\r\n`
    }
    return this.#date
  }
}
