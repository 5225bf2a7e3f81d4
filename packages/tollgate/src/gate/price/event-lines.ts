/**
 * The data of server-sent events, out of chunks that end anywhere (WHATWG HTML section 9.2.6). Lines are joined as bytes, so that a
 * character that two chunks share is read whole. Of a line or an event that is too long, only its existence is kept.
 */

const LF = 10
const CR = 13

/** Lines are decoded whole, so that one does for all streams: each would take kilobytes. */
const utf8 = new TextDecoder()

export interface EventLines {
  push(chunk: Uint8Array): void
  /** The stream is over. A last event without its empty line counts as delivered. */
  end(): void
}

/** `onData` gets the data of each event that has data, its lines joined by line breaks. It gets undefined for an event that was too long. */
export function createEventLines(bytesMax: number, onData: (data: string | undefined) => void): EventLines {
  let pending: Uint8Array[] = []
  let pendingBytes = 0
  let data: string[] = []
  let dataChars = 0
  let endedInCr = false

  function endLine(): void {
    const isTooLong = pendingBytes > bytesMax
    const text = isTooLong ? '' : utf8.decode(joined(pending, pendingBytes))
    pending = []
    pendingBytes = 0
    if (isTooLong) dataChars = Infinity
    else if (text === '') endEvent()
    else if (text === 'data' || text.startsWith('data:')) addData(text.slice(text.charAt(5) === ' ' ? 6 : 5))
  }

  function addData(text: string): void {
    dataChars += text.length + 1
    if (dataChars > bytesMax) data = []
    else data.push(text)
  }

  function endEvent(): void {
    const whole = dataChars > bytesMax ? undefined : data.join('\n')
    const isData = dataChars > 0
    data = []
    dataChars = 0
    if (isData) onData(whole)
  }

  function keep(part: Uint8Array): void {
    pendingBytes += part.length
    if (pendingBytes > bytesMax) pending = []
    else if (part.length > 0) pending.push(part)
  }

  return {
    push(chunk) {
      if (chunk.length === 0) return
      // The second half of a CRLF whose first half ended the chunk before.
      let start = endedInCr && chunk[0] === LF ? 1 : 0
      let cr = chunk.indexOf(CR, start)
      let lf = chunk.indexOf(LF, start)
      while (cr !== -1 || lf !== -1) {
        const end = cr === -1 || (lf !== -1 && lf < cr) ? lf : cr
        keep(chunk.subarray(start, end))
        endLine()
        start = end + (end === cr && chunk[end + 1] === LF ? 2 : 1)
        if (cr !== -1 && cr < start) cr = chunk.indexOf(CR, start)
        if (lf !== -1 && lf < start) lf = chunk.indexOf(LF, start)
      }
      endedInCr = chunk[chunk.length - 1] === CR
      keep(chunk.subarray(start))
    },
    end() {
      endLine()
      endEvent()
    },
  }
}

export function joined(parts: readonly Uint8Array[], bytes: number): Uint8Array {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  const whole = new Uint8Array(bytes)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
