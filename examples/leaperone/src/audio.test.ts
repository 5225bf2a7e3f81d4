import { request } from 'node:http'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hello, morseWav } from '../test/morse-wav.ts'
import { createWorld } from '../test/world.ts'
import type { Answer, World } from '../test/world.ts'

const PATH = '/v1/audio/transcriptions'
let world: World

beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

function post(file: Buffer | undefined, fields: Record<string, string> = { model: 'whisper-1' }): Promise<Answer> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  if (file !== undefined) form.append('file', new Blob([new Uint8Array(file)]), 'recording.wav')
  return world.send('POST', PATH, form)
}

test('a recording is heard, and costs by the started minute', async () => {
  const answer = await post(readFileSync(new URL('../samples/hello.wav', import.meta.url)))
  expect([answer.status, answer.headers.get('tollgate-price'), answer.body]).toEqual([200, '0.006000', { text: 'HELLO', usage: { type: 'duration', seconds: 4 } }])
})

test.each([
  [60, '0.006000'],
  [60.1, '0.012000'],
  [180, '0.018000'],
])('%d seconds cost %s credits', async (seconds, price) => {
  const spoken = morseWav(hello, { tailSeconds: 0 })
  const tailSeconds = seconds - (spoken.length - 44) / 8_000
  const answer = await post(morseWav(hello, { tailSeconds }))
  expect([answer.headers.get('tollgate-price'), answer.body['text']]).toEqual([price, 'HELLO'])
})

test('text is the words alone', async () => {
  const answer = await post(morseWav(hello), { model: 'whisper-1', response_format: 'text' })
  expect([answer.headers.get('content-type'), answer.text]).toEqual(['text/plain; charset=utf-8', 'HELLO\n'])
})

const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000a49444154789c6360000002000154a24f5f0000000049454e44ae426082', 'hex')
const wav = morseWav(hello)

test.each<[string, Buffer | undefined, Record<string, string>, Record<string, string>]>([
  ['no file', undefined, { model: 'whisper-1' }, { entry: 'missingField', field: 'file' }],
  ['no model', wav, {}, { entry: 'missingField', field: 'model' }],
  ['an unknown model', wav, { model: 'gpt-5' }, { entry: 'modelNotFound', field: 'model' }],
  ['a picture', png, { model: 'whisper-1' }, { entry: 'invalidRequest', field: 'file', issue: 'must be a WAV file, whatever its name; this is image/png' }],
  ['plain text', Buffer.from('hello'), { model: 'whisper-1' }, { entry: 'invalidRequest', field: 'file', issue: 'must be a WAV file, whatever its name; this is nothing that we know' }],
  ['a WAV without sound', wav.subarray(0, 36), { model: 'whisper-1' }, { entry: 'invalidRequest', field: 'file', issue: 'must be PCM of 8 or 16 bits, with at least 8000 samples a second' }],
  ['a wish that is none', wav, { model: 'whisper-1', response_format: 'srt' }, { entry: 'invalidRequest', field: 'response_format' }],
  ['too large a file', Buffer.alloc(25 * 1024 * 1024 + 1), { model: 'whisper-1' }, { entry: 'invalidRequest', field: 'file', issue: 'must be at most 25 MB' }],
])('%s is refused and costs nothing', async (_, file, fields, problem) => {
  const answer = await post(file, fields)
  expect([answer.status, answer.headers.get('tollgate-price'), answer.body]).toMatchObject([400, null, problem])
})

test('a file of exactly 25 MB is read whole', async () => {
  const full = Buffer.concat([wav, Buffer.alloc(25 * 1024 * 1024 - wav.length)])
  expect((await post(full)).status).toBe(200)
})

test.each([
  ['JSON', 'application/json', '{}', 'the body must be multipart/form-data'],
  ['a form without a boundary', 'multipart/form-data', '', 'the body must be multipart/form-data'],
  ['a form that breaks off', 'multipart/form-data; boundary=b', '--b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\nRIFF', 'the body is no whole multipart/form-data'],
])('%s is refused', async (_, type, body, issue) => {
  const answer = await world.send('POST', PATH, body, { 'content-type': type })
  expect([answer.status, answer.body]).toMatchObject([400, { entry: 'invalidRequest', issue }])
})

test('a caller who hangs up in the middle of a file harms nobody', async () => {
  const sent = request(`${world.url}${PATH}`, { method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary=b', 'content-length': 100_000 } })
  const closed = new Promise((resolve) => {
    sent.on('error', resolve).on('close', resolve)
  })
  sent.write('--b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\nRIFF', () => sent.destroy())
  await closed
  expect([(await post(wav)).status, world.errors]).toEqual([200, []])
})
