/** Ends an answer before the first of the texts that its caller named. */

/** What may be the beginning of such a text waits until it is known to be none. The last token may be cut where one begins in its middle. */
export async function* untilStop(tokens: AsyncIterable<string>, stops: readonly string[]): AsyncGenerator<string, void, void> {
  const waiting: string[] = []
  for await (const token of tokens) {
    waiting.push(token)
    const text = waiting.join('')
    const at = firstOf(text, stops)
    if (at !== undefined) return yield* upTo(waiting, at)
    let sure = text.length - longestBeginning(text, stops)
    for (let [next] = waiting; next !== undefined && next.length <= sure; [next] = waiting) {
      sure -= next.length
      waiting.shift()
      yield next
    }
  }
  yield* waiting
}

function firstOf(text: string, stops: readonly string[]): number | undefined {
  const places = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0)
  return places.length === 0 ? undefined : Math.min(...places)
}

/** How much of the text's end could become a stop. */
function longestBeginning(text: string, stops: readonly string[]): number {
  const lengthOf = (stop: string) => {
    for (let length = Math.min(stop.length - 1, text.length); length > 0; length--) if (text.endsWith(stop.slice(0, length))) return length
    return 0
  }
  return Math.max(0, ...stops.map(lengthOf))
}

function* upTo(tokens: readonly string[], end: number): Generator<string, void, void> {
  let left = end
  for (const token of tokens) {
    if (left <= 0) return
    yield token.slice(0, left)
    left -= token.length
  }
}
