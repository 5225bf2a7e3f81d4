/** JSON in lines (`application/x-ndjson`, `application/jsonl`): each line that is not empty is an event without a name. */
import type { EventParserOptions, StreamEvent } from './event-parser.ts'

/** The same face as that of `EventParser`. */
export class LineParser {
  readonly #charsMax: number
  #line = ''
  readonly retryMs = undefined
  readonly lastEventId = undefined

  constructor({ charsMax }: EventParserOptions) {
    this.#charsMax = charsMax
  }

  get isTooLong(): boolean {
    return this.#line.length > this.#charsMax
  }

  push(text: string): readonly StreamEvent[] {
    const [first = '', ...lines] = text.split('\n')
    this.#line += first
    if (lines.length === 0) return []
    const whole = [this.#line, ...lines.slice(0, -1)]
    this.#line = lines.at(-1) ?? ''
    return whole.flatMap(toEvent)
  }

  /** The last line needs no end. */
  rest(): StreamEvent | undefined {
    const [event] = toEvent(this.#line)
    this.#line = ''
    return event
  }
}

function toEvent(line: string): readonly StreamEvent[] {
  const data = line.trim()
  return data === '' ? [] : [{ event: undefined, data, id: undefined }]
}
