/** Server-sent events out of text that comes in pieces, as the HTML standard reads them (section 9.2.6). */

/** One event of a stream. */
export interface StreamEvent {
  /** Its name; undefined: it has none. */
  readonly event: string | undefined
  readonly data: string
  /** The newest id that the stream has told. */
  readonly id: string | undefined
}

/** What a parser is told of a stream's bounds. */
export interface EventParserOptions {
  /** An event of more characters than this is refused. */
  readonly charsMax: number
}

/**
 * Takes text as it comes, gives events as they are whole. What has no empty line after it is no event: `rest` says what it would have been.
 *
 * @example
 * const parser = new EventParser({ charsMax: 1_000_000 })
 * parser.push('data: one\n\ndata: tw') // => [{ event: undefined, data: 'one', id: undefined }]
 * parser.push('o\r\n\r\n') // => [{ event: undefined, data: 'two', id: undefined }]
 */
export class EventParser {
  readonly #charsMax: number
  #line = ''
  #hasCarriageReturn = false
  #data: string[] = []
  #chars = 0
  #event: string | undefined
  #id: string | undefined
  /** What the stream says to wait before it is asked for again. */
  retryMs: number | undefined

  constructor({ charsMax }: EventParserOptions) {
    this.#charsMax = charsMax
  }

  /** An event is longer than it may be. Nothing is read after it. */
  get isTooLong(): boolean {
    return this.#chars + this.#line.length > this.#charsMax
  }

  /** The id to ask for what follows with (`Last-Event-ID`). */
  get lastEventId(): string | undefined {
    return this.#id
  }

  push(text: string): readonly StreamEvent[] {
    const events: StreamEvent[] = []
    let from = 0
    // A line feed after a carriage return is part of the same end of line, also where a piece ends between them.
    if (this.#hasCarriageReturn && text !== '') {
      this.#hasCarriageReturn = false
      if (text[0] === '\n') from = 1
    }
    let carriageReturn = text.indexOf('\r', from)
    for (;;) {
      const lineFeed = text.indexOf('\n', from)
      if (carriageReturn !== -1 && carriageReturn < from) carriageReturn = text.indexOf('\r', from)
      const isCarriageReturn = carriageReturn !== -1 && (lineFeed === -1 || carriageReturn < lineFeed)
      const end = isCarriageReturn ? carriageReturn : lineFeed
      if (end === -1) break
      const event = this.#take(this.#line + text.slice(from, end))
      this.#line = ''
      if (event !== undefined) events.push(event)
      if (this.isTooLong) return events
      from = end + 1
      if (!isCarriageReturn) continue
      if (text[from] === '\n') from += 1
      else if (from === text.length) this.#hasCarriageReturn = true
    }
    this.#line += text.slice(from)
    return events
  }

  /** The event that was begun and is not whole. */
  rest(): StreamEvent | undefined {
    if (this.#line !== '') this.#take(this.#line)
    this.#line = ''
    return this.#take('')
  }

  /** A line without its end; an empty one gives the event. */
  #take(line: string): StreamEvent | undefined {
    if (line === '') return this.#dispatch()
    const colon = line.indexOf(':')
    if (colon === 0) return undefined
    const field = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (field === 'data') {
      this.#data.push(value)
      this.#chars += value.length + 1
    } else if (field === 'event') this.#event = value
    else if (field === 'id' && !value.includes('\0')) this.#id = value
    else if (field === 'retry' && /^\d{1,9}$/.test(value)) this.retryMs = Number(value)
    return undefined
  }

  #dispatch(): StreamEvent | undefined {
    const [event, data] = [this.#event, this.#data]
    this.#event = undefined
    this.#data = []
    this.#chars = 0
    if (data.length === 0) return undefined
    return { event: event === '' ? undefined : event, data: data.join('\n'), id: this.#id }
  }
}

/** An event as it goes over the wire. */
export function formatEvent({ event, data, id }: StreamEvent): string {
  const lines = [id === undefined ? undefined : `id: ${id}`, event === undefined ? undefined : `event: ${event}`, ...data.split('\n').map((line) => `data: ${line}`)]
  return `${lines.filter((line) => line !== undefined).join('\n')}\n\n`
}
