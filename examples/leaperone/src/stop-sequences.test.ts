import { assert, asyncProperty, array, constantFrom, string } from 'fast-check'
import { expect, test } from 'vitest'
import { untilStop } from './stop-sequences.ts'

async function* from(tokens: readonly string[]): AsyncGenerator<string> {
  yield* tokens
}

async function collect(tokens: AsyncIterable<string>): Promise<readonly string[]> {
  const all: string[] = []
  for await (const token of tokens) all.push(token)
  return all
}

test.each<[string, readonly string[], readonly string[], readonly string[]]>([
  ['no stop', ['The', ' sea', '.'], [], ['The', ' sea', '.']],
  ['a stop that never comes', ['The', ' sea', '.'], ['!'], ['The', ' sea', '.']],
  ['a token of its own', ['The', ' sea', '.', ' And'], ['.'], ['The', ' sea']],
  ['the first of several', ['a', 'b', 'c'], ['c', 'b'], ['a']],
  ['one over several tokens', ['The', ' sea', ' and', ' I'], ['ea an'], ['The', ' s']],
  ['a beginning that comes to nothing', ['The', ' sea', ' or', ' I'], ['ea an'], ['The', ' sea', ' or', ' I']],
  ['a beginning at the very end', ['The', ' sea'], ['ea an'], ['The', ' sea']],
  ['right at the start', ['The', ' sea'], ['T'], []],
])('%s', async (_, tokens, stops, expected) => {
  expect(await collect(untilStop(from(tokens), stops))).toEqual(expected)
})

/** A model stops as soon as one of them is whole, though one that began earlier might still have come. */
function upToFirstStop(tokens: readonly string[], stops: readonly string[]): string {
  let text = ''
  for (const token of tokens) {
    text += token
    const places = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0)
    if (places.length > 0) return text.slice(0, Math.min(...places))
  }
  return text
}

test('what comes is always the text up to the stop that is whole first', async () => {
  const letters = { unit: constantFrom('a', 'b', ' ') } as const
  await assert(
    asyncProperty(array(string({ ...letters, minLength: 1, maxLength: 3 })), array(string({ ...letters, minLength: 1, maxLength: 4 }), { maxLength: 4 }), async (tokens, stops) => {
      const said = await collect(untilStop(from(tokens), stops))
      expect(said.join('')).toBe(upToFirstStop(tokens, stops))
      expect(said).not.toContain('')
    }),
    { examples: [[[' a', ' '], ['a', ' a ']]] },
  )
})

test('nothing more is asked for once a stop has come', async () => {
  let asked = 0
  async function* endless(): AsyncGenerator<string> {
    for (;;) {
      asked++
      yield 'a'
    }
  }
  await collect(untilStop(endless(), ['aaa']))
  expect(asked).toBe(3)
})
