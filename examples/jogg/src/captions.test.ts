import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { toCues } from './captions.ts'
import { toSpoken } from './speech.ts'

test('lines end between words, and each is shown for its share of the time', () => {
  expect(toCues('Hi, welcome to JoggAI and create longer videos', 4_500)).toEqual([
    { startMs: 0, endMs: 3200, text: 'Hi, welcome to JoggAI and create' },
    { startMs: 3200, endMs: 4500, text: 'longer videos' },
  ])
})

test('any script is shown whole, without a gap, to the end of the video', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 400, unit: 'grapheme' }).map(toSpoken).filter((spoken) => spoken !== ''), (spoken) => {
      const cues = toCues(spoken, 60_000)
      expect(cues.map(({ text }) => text).join('').replaceAll(' ', '')).toBe(spoken.replaceAll(' ', ''))
      expect(cues.map(({ startMs }) => startMs)).toEqual([0, ...cues.slice(0, -1).map(({ endMs }) => endMs)])
      expect(cues.at(-1)?.endMs).toBe(60_000)
      expect(cues.every(({ text }) => [...text].length <= 36)).toBe(true)
    }),
  )
})
