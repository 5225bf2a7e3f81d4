/**
 * The data of server-sent events, out of chunks that end anywhere (WHATWG HTML section 9.2.6). Lines are put together as bytes, so that a character cut in
 * two comes whole. A line or an event that is too long is passed over; a carriage return alone does not end a line here.
 */

const LF = 10
const CR = 13

export interface EventLines {
  push(chunk: Uint8Array): void
}

/** `onData` gets the data of each event that has any; several data lines are joined by line breaks. */
export function createEventLines(bytesMax: number, onData: (data: string) => void): EventLines {
  const utf8 = new TextDecoder()
  let pending: Uint8Array[] = []
  let pendingBytes = 0
  let data: string[] = []
  let dataChars = 0

  function endLine(): void {
    const isTooLong = pendingBytes > bytesMax
    const line = isTooLong ? '' : utf8.decode(joined(pending, pendingBytes))
    pending = []
    pendingBytes = 0
    if (isTooLong) return
    const text = line.charCodeAt(line.length - 1) === CR ? line.slice(0, -1) : line
    if (text === '') endEvent()
    else if (text === 'data' || text.startsWith('data:')) addData(text.slice(text.charAt(5) === ' ' ? 6 : 5))
  }

  function addData(text: string): void {
    dataChars += text.length + 1
    if (dataChars > bytesMax) data = []
    else data.push(text)
  }

  function endEvent(): void {
    const whole = data.join('\n')
    const isWhole = data.length > 0 && dataChars <= bytesMax
    data = []
    dataChars = 0
    if (isWhole) onData(whole)
  }

  function keep(part: Uint8Array): void {
    pendingBytes += part.length
    if (pendingBytes > bytesMax) pending = []
    else if (part.length > 0) pending.push(part)
  }

  return {
    push(chunk) {
      let start = 0
      for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, start)) {
        keep(chunk.subarray(start, end))
        endLine()
        start = end + 1
      }
      keep(chunk.subarray(start))
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
