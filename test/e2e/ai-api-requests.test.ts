/** What AI-Powered API says of a request's body, which files it takes, and what it makes: pictures, webhooks. */
import { createHmac } from 'node:crypto'
import { createServer, request as requestHttp } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { text as textOf } from 'node:stream/consumers'
import { aiApiKeys } from '@tollgate/example-playground'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { codeOf, createWorld } from './ai-api-world.ts'
import type { Received, World } from './ai-api-world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.close())

const { valid, stranger } = aiApiKeys
const MIB = 1024 * 1024
const text = { prompt: 'Hello sea', model: 'gpt-3.5-turbo' }
const image = { prompt: 'A lake', model: 'dall-e-3' }

const write = (fields: object): Promise<Received> => world.ask(valid, 'POST', '/v1/generate', { ...text, ...fields })
const paint = (fields: object): Promise<Received> => world.ask(valid, 'POST', '/v1/generate/image', { ...image, ...fields })

/** Code and field; of a success its status. */
function faultOf({ status, body }: Received): readonly unknown[] {
  if (status < 400) return [status]
  const { error } = body as { readonly error: { readonly code: string; readonly details?: { readonly field?: string } } }
  return [error.code, error.details?.field]
}

function dataOf({ body }: Received): { readonly [name: string]: unknown } {
  return (body as { readonly data: { readonly [name: string]: unknown } }).data
}

function upload(bytes: Uint8Array<ArrayBuffer> | string, type: string, key: string = valid, field = 'file'): Promise<Received> {
  const form = new FormData()
  form.append(field, new Blob([bytes], { type }), 'a')
  return world.ask(key, 'POST', '/v1/files', form)
}

describe('a field', () => {
  test.each([
    [{ temperature: 0 }, undefined],
    [{ temperature: 2 }, undefined],
    [{ temperature: -0.1 }, 'INVALID_TEMPERATURE'],
    [{ temperature: null }, 'INVALID_TEMPERATURE'],
    [{ temperature: [1] }, 'INVALID_TEMPERATURE'],
    [{ max_tokens: 1 }, undefined],
    [{ max_tokens: -1 }, 'INVALID_MAX_TOKENS'],
    [{ max_tokens: 1.5 }, 'INVALID_MAX_TOKENS'],
    [{ max_tokens: '10' }, 'INVALID_MAX_TOKENS'],
    [{ max_tokens: 5_000 }, 'INVALID_FIELD_VALUE'],
    [{ prompt: ' ' }, 'INVALID_FIELD_VALUE'],
    [{ prompt: 7 }, 'INVALID_FIELD_VALUE'],
    [{ prompt: '🌊'.repeat(4_000) }, undefined],
    [{ prompt: '🌊'.repeat(4_001) }, 'PROMPT_TOO_LONG'],
    [{ model: '' }, 'INVALID_FIELD_VALUE'],
    [{ model: 'constructor' }, 'UNSUPPORTED_MODEL'],
    [{ model: '__proto__' }, 'UNSUPPORTED_MODEL'],
    [{ frequency_penalty: -3 }, 'INVALID_FIELD_VALUE'],
    [{ presence_penalty: 'much' }, 'INVALID_FIELD_VALUE'],
  ])('of a text has the most specific code there is: %j', async (fields, code) => {
    expect(faultOf(await write(fields))).toEqual(code === undefined ? [200] : [code, Object.keys(fields)[0]])
  })

  test.each([
    [{ size: '1024X1024' }, 'INVALID_IMAGE_SIZE'],
    [{ size: 1024 }, 'INVALID_IMAGE_SIZE'],
    [{ size: '1792x1024' }, undefined],
    [{ quality: 'hd' }, undefined],
    [{ quality: 3 }, 'INVALID_IMAGE_QUALITY'],
    [{ style: 3 }, 'INVALID_FIELD_VALUE'],
    [{ prompt: 'A NUDE descending a staircase' }, 'PROMPT_VIOLATION'],
    [{ prompt: 'x'.repeat(4_001) }, 'PROMPT_TOO_LONG'],
  ])('of an image too: %j', async (fields, code) => {
    expect(faultOf(await paint(fields))).toEqual(code === undefined ? [200] : [code, Object.keys(fields)[0]])
  })

  test('that is documented first is named, a missing one before all that are wrong', async () => {
    const wrong = { presence_penalty: 9, top_p: 9, temperature: 9, max_tokens: 0 }
    expect(faultOf(await world.ask(valid, 'POST', '/v1/generate', { ...wrong, prompt: 'Hello' }))).toEqual(['MISSING_REQUIRED_FIELD', 'model'])
    expect(faultOf(await write(wrong))).toEqual(['INVALID_MAX_TOKENS', 'max_tokens'])
    expect(faultOf(await write({ ...wrong, max_tokens: 5 }))).toEqual(['INVALID_TEMPERATURE', 'temperature'])
    expect(faultOf(await write({ ...wrong, max_tokens: 5, temperature: 1 }))).toEqual(['INVALID_FIELD_VALUE', 'top_p'])
  })

  test('is faulted before a model is found to be asleep', async () => {
    expect(faultOf(await write({ model: 'gpt-4-32k', temperature: 3 }))).toEqual(['INVALID_TEMPERATURE', 'temperature'])
    expect(faultOf(await paint({ model: 'dall-e-2', size: '1x1' }))).toEqual(['INVALID_IMAGE_SIZE', 'size'])
  })
})

describe('an upload', () => {
  test('is created: 201, and comes back byte by byte', async () => {
    const created = await upload('one,two\n1,2\n', 'text/csv')
    expect(created).toMatchObject({ status: 201, body: { success: true, data: { type: 'text/csv', bytes: 12 } } })
    const content = await world.ask(valid, 'GET', `/v1/files/${String(dataOf(created)['id'])}/content`)
    expect([content.headers.get('content-type'), content.body]).toEqual(['text/csv', 'one,two\n1,2\n'])
    expect(codeOf(await world.ask(stranger, 'DELETE', `/v1/files/${String(dataOf(created)['id'])}`))).toBe('RESOURCE_NOT_FOUND')
  })

  test.each([
    ['nothing', '', 'text/plain', ['INVALID_FIELD_VALUE', 'file']],
    ['a type that is not accepted', 'MZ', 'application/x-msdownload', ['INVALID_FILE_FORMAT', 'file']],
    ['text that is none', new Uint8Array([0xff, 0xfe, 0x00]), 'text/plain', ['INVALID_FILE_FORMAT', 'file']],
    ['a PDF that is text', 'Hello', 'application/pdf', ['INVALID_FILE_FORMAT', 'file']],
    ['one byte too many', new Uint8Array(5 * MIB + 1).fill(65), 'text/plain', ['FILE_TOO_LARGE', 'file']],
  ])('of %s is refused', async (_, bytes, type, fault) => {
    expect(faultOf(await upload(bytes, type))).toEqual(fault)
  })

  test('may be as large as the limit', async () => {
    expect((await upload(new Uint8Array(5 * MIB).fill(65), 'text/plain')).status).toBe(201)
  })

  test('under another name is a missing field', async () => {
    expect(faultOf(await upload('Hello', 'text/plain', valid, 'document'))).toEqual(['MISSING_REQUIRED_FIELD', 'file'])
  })

  test.each([
    ['announced', { 'content-length': String(200 * MIB) }],
    ['in chunks', {}],
  ])('of 200 MB, %s, is answered when the limit is passed; the rest is not taken', async (_, framing) => {
    const { answer, bytesGiven } = await pourInto(valid, framing)
    expect(faultOf(answer)).toEqual(['FILE_TOO_LARGE', 'file'])
    // The limit, and what stands in the buffers on the way.
    expect(bytesGiven).toBeLessThan(64 * MIB)
  })

  test('of 200 MB that may not be made is answered before any of it is taken', async () => {
    const { answer, bytesGiven } = await pourInto(aiApiKeys.reader, { 'content-length': String(200 * MIB) })
    expect(codeOf(answer)).toBe('INSUFFICIENT_PERMISSIONS')
    expect(bytesGiven).toBeLessThan(32 * MIB)
  })

  test('goes on working for others after such a flood', async () => {
    await Promise.all(Array.from({ length: 4 }, () => pourInto(valid, {})))
    expect((await upload('Hello', 'text/plain', stranger)).status).toBe(201)
  })

  /** Sends a form with one endless text until somebody answers. */
  async function pourInto(key: string, framing: object): Promise<{ readonly answer: Received; readonly bytesGiven: number }> {
    const head = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n'
    const chunk = Buffer.alloc(65_536, 'a')
    let bytesGiven = 0
    const source = new Readable({
      read() {
        bytesGiven += chunk.length
        this.push(bytesGiven > 200 * MIB ? null : chunk)
      },
    })
    source.push(head)
    const request = requestHttp(`${world.playground.url}/ai-api/v1/files`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'multipart/form-data; boundary=b', ...framing },
    })
    // The connection may end while we still send; the answer has come by then.
    request.on('error', () => undefined)
    source.pipe(request)
    const response = await new Promise<IncomingMessage>((resolve) => request.once('response', resolve))
    source.unpipe(request)
    const body: unknown = JSON.parse(await textOf(response))
    request.destroy()
    return { answer: { status: response.statusCode ?? 0, headers: new Headers(), body }, bytesGiven }
  }
})

test('a body beyond what any prompt can need is refused as it is announced', async () => {
  const answer = await write({ prompt: 'x'.repeat(600 * 1024) })
  expect(answer).toMatchObject({ status: 400, body: { error: { code: 'INVALID_REQUEST', details: { issue: 'the request body is larger than 524288 bytes' } } } })
})

test('the picture at the address that is answered is a PNG of the size that was asked for', async () => {
  const { url } = dataOf(await paint({ size: '1024x1792', quality: 'hd', style: 'natural' }))
  const picture = await fetch(String(url))
  const bytes = Buffer.from(await picture.arrayBuffer())
  expect([picture.status, picture.headers.get('content-type'), bytes.toString('latin1', 1, 4)]).toEqual([200, 'image/png', 'PNG'])
  expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([1024, 1792])
})

test('a webhook is told of a finished text, signed with the secret that it got when it was made', async () => {
  const heard: string[] = []
  const receiver = createServer((incoming, answer) => {
    void textOf(incoming).then((event) => {
      heard.push(event)
      answer.end()
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void receiver.close())
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`

  const made = await world.ask(valid, 'POST', '/v1/webhooks', { url, events: ['generation.completed'] })
  expect(made).toMatchObject({ status: 201, body: { data: { url, events: ['generation.completed'] } } })
  const { id, secret } = dataOf(made)
  const written = dataOf(await write({}))
  await expect.poll(() => heard).toHaveLength(1)

  const [event = ''] = heard
  const [, unsigned = '', signature] = /^(.*),"signature":"([\da-f]{64})"\}$/.exec(event) ?? []
  expect(createHmac('sha256', String(secret)).update(`${unsigned}}`).digest('hex')).toBe(signature)
  expect(JSON.parse(event)).toMatchObject({ event: 'generation.completed', data: { id: written['id'], content: written['content'] } })
  expect((await world.ask(valid, 'DELETE', `/v1/webhooks/${String(id)}`)).status).toBe(200)
})
