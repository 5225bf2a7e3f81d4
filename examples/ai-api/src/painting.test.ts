import { inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { paint } from './painting.ts'
import type { Scene } from './painting.ts'
import { encodePng } from './png.ts'
import { createPolicy } from './policy.ts'

const scene: Scene = { model: 'dall-e-3', prompt: 'A beautiful sunset over mountains', width: 96, height: 64, fine: false, style: 'natural' }

test('the same scene is the same picture; another prompt, model or quality is another', () => {
  const { pixels } = paint(scene)
  expect(paint(scene).pixels.equals(pixels)).toBe(true)
  for (const changes of [{ prompt: 'Winter' }, { model: 'stable-diffusion' }, { fine: true }]) expect(paint({ ...scene, ...changes }).pixels.equals(pixels)).toBe(false)
})

test('style and mood are in the colours', () => {
  const { palette } = paint(scene)
  expect(paint({ ...scene, style: 'vivid' }).palette).not.toEqual(palette)
  const light = (prompt: string) => paint({ ...scene, prompt }).palette[40]?.reduce((sum, channel) => sum + channel, 0) ?? 0
  expect(light('A lake at night')).toBeLessThan(light('A snow field'))
})

test('each pixel has a colour, and each colour three channels of a byte', () => {
  const { pixels, palette } = paint({ ...scene, fine: true })
  expect(Math.max(...pixels)).toBeLessThan(palette.length)
  expect(palette.length).toBeLessThanOrEqual(256)
  expect(palette.flat().every((channel) => Number.isInteger(channel) && channel >= 0 && channel <= 255)).toBe(true)
})

test('a PNG holds the pixels, row by row', async () => {
  const picture = { width: 2, height: 2, palette: [[255, 0, 0], [0, 0, 255]], pixels: Buffer.from([0, 1, 1, 0]) } as const
  const png = await encodePng(picture)
  const data = png.indexOf('IDAT')
  expect(inflateSync(png.subarray(data + 4, data + 4 + png.readUInt32BE(data - 4)))).toEqual(Buffer.from([0, 0, 1, 0, 1, 0]))
  expect(png.subarray(png.indexOf('PLTE') + 4).subarray(0, 6)).toEqual(Buffer.from([255, 0, 0, 0, 0, 255]))
})

test('the policy sees words in any case, with accents and signs, and no parts of words', () => {
  const isProhibited = createPolicy(['gore', 'pipe bomb'])
  expect(['GORE!', 'Göre', 'a pipe—bomb', 'Pipe-bomb'].map(isProhibited)).toEqual([true, true, true, true])
  expect(['gorefest', 'A Gorey drawing', 'pipe, and a bombastic hat', ''].map(isProhibited)).toEqual([false, false, false, false])
})
