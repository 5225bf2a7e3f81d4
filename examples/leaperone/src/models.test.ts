import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { FILE_BYTES_MAX } from './audio.ts'
import { parseCredits } from './credits.ts'
import { readModels } from './models.ts'
import { SAMPLES_PER_SECOND_MIN } from './wav.ts'

type Row = Readonly<Record<string, string>> & { readonly context_length: number | null; readonly max_output_tokens: number | null }

const file = new URL('../models.json', import.meta.url)
const rows = JSON.parse(readFileSync(file, 'utf8')) as readonly Row[]
const price = (row: Row | undefined, column: string) => parseCredits(row?.[column] ?? '') ?? Number.NaN

function enumOf(schema: string): readonly string[] {
  const { properties } = JSON.parse(readFileSync(new URL(`../schemas/${schema}`, import.meta.url), 'utf8')) as { readonly properties: { readonly model: { readonly enum: readonly string[] } } }
  return properties.model.enum
}

test('every row has all the columns, so that the gateway can price by any of them', () => {
  expect(new Set(rows.map((row) => Object.keys(row).join(' '))).size).toBe(1)
  for (const row of rows) for (const column of ['prompt_price', 'completion_price', 'unit_price', 'hold_price']) expect(price(row, column)).toBeGreaterThanOrEqual(0)
})

test('the schemas let through exactly the models of their class', () => {
  const idsOf = (kind: string) => rows.filter((row) => row['class'] === kind).map((row) => row['id'])
  expect([enumOf('create-chat-completion.json'), enumOf('create-images.json')]).toEqual([idsOf('chat'), idsOf('image')])
})

test('what is held for a choice is the most that one can cost, rounded up to a millionth', () => {
  for (const row of rows.filter((one) => one['class'] === 'chat')) {
    const [context, output] = [row.context_length ?? 0, row.max_output_tokens ?? 0]
    const most = ((context - output) * price(row, 'prompt_price') + output * price(row, 'completion_price')) / 1_000_000
    expect([row['id'], price(row, 'hold_price')]).toEqual([row['id'], Math.ceil(most)])
  }
})

test('an image is held at its price, and a recording at that of the longest one that fits', () => {
  const [image, audio] = ['landscape-1', 'whisper-1'].map((id) => rows.find((row) => row['id'] === id))
  expect(price(image, 'hold_price')).toBe(price(image, 'unit_price'))
  expect(price(audio, 'hold_price')).toBe(Math.ceil(FILE_BYTES_MAX / SAMPLES_PER_SECOND_MIN / 60) * price(audio, 'unit_price'))
})

test('what stands for another model costs the same', () => {
  const [auto, nano] = [rows[0], rows.find((row) => row['id'] === rows[0]?.['resolves_to'])]
  for (const column of ['prompt_price', 'completion_price', 'hold_price', 'context_length', 'max_output_tokens'] as const) expect(auto?.[column]).toBe(nano?.[column])
})

test('a file that is damaged stops the service from starting', () => {
  const damaged = new URL('../library/themes/attic.json', import.meta.url)
  expect(() => readModels(damaged)).toThrow('JSON')
})
