import { connect } from 'node:net'
import { request as requestHttp } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { formOf, formType, boundary, jpeg, pdf, png, wav, webp } from '../test/form.ts'
import { createWorld } from '../test/world.ts'
import type { World } from '../test/world.ts'

const LIMIT = 100_000
let world: World

beforeEach(async () => {
  world = await createWorld({ fileBytesMax: LIMIT })
})
afterEach(() => world.close())

test.each([
  ['image/png', 'dot.png', png],
  ['image/jpeg', 'dot.jpg', jpeg],
  ['image/webp', 'dot.webp', webp],
  ['application/pdf', 'paper.pdf', pdf],
  ['audio/wav', 'sound.wav', wav],
  ['text/plain', 'notes.txt', Buffer.from('Grüße,\r\n\tand more.')],
  ['text/csv', 'table.csv', Buffer.from('BMW,Audi\n1,2\n')],
])('a file of the type %s is taken in, and comes back byte for byte', async (type, filename, content) => {
  const answer = await world.upload({ filename, type, content })
  expect([answer.status, answer.data]).toEqual([201, { id: expect.stringMatching(/^file_[\da-f]{24}$/), name: filename, type, bytes: content.length, sha256: expect.stringMatching(/^[\da-f]{64}$/), created_at: '2026-11-21T12:00:00Z' }])
  const back = await world.send('GET', `/v1/files/${String(answer.data['id'])}/content`)
  expect([back.headers.get('content-type'), back.headers.get('x-content-type-options'), back.bytes]).toEqual([type, 'nosniff', content])
})

test.each([
  ['is declared as one thing and is another', { type: 'image/png', content: jpeg }, 'is declared as image/png, but is image/jpeg'],
  ['is declared as an image and is text', { type: 'image/png', content: 'Hello.' }, 'is declared as image/png, but is not'],
  ['is declared as text and is a document', { type: 'text/plain', content: pdf }, 'is declared as text/plain, but is application/pdf'],
  ['is declared as text and is binary', { type: 'text/plain', content: Buffer.from([72, 0, 105]) }, 'is declared as text/plain, but is not text in UTF-8'],
  ['is declared as a type that is not taken', { type: 'application/zip', content: 'PK\u0003\u0004' }, 'must be one of image/png, image/jpeg, image/webp, application/pdf, audio/wav, text/plain, text/csv, not application/zip'],
  ['declares nothing and is not recognised', { type: 'application/octet-stream', content: 'MZ\u0090\u0000' }, 'must be one of image/png, image/jpeg, image/webp, application/pdf, audio/wav, text/plain, text/csv'],
])('a file that %s is refused as a wrong format', async (_, part, issue) => {
  const answer = await world.upload({ filename: 'a', ...part })
  expect([answer.status, answer.body]).toEqual([400, { title: 'Invalid file format', status: 400, entry: 'invalidFileFormat', resource: 'file', field: 'file', issue }])
})

test('a file that declares nothing is what its bytes say; other names of a type are the same type', async () => {
  expect((await world.upload({ filename: 'a', type: 'application/octet-stream', content: png })).data['type']).toBe('image/png')
  expect((await world.upload({ filename: 'a', type: 'audio/x-wav', content: wav })).data['type']).toBe('audio/wav')
})

test('a file of exactly the limit is taken, one byte more is too large', async () => {
  expect((await world.upload({ filename: 'a', type: 'text/plain', content: 'x'.repeat(LIMIT) })).status).toBe(201)
  const refused = await world.upload({ filename: 'a', type: 'text/plain', content: 'x'.repeat(LIMIT + 1) })
  expect([refused.status, refused.body]).toMatchObject([400, { entry: 'fileTooLarge', field: 'file', bytesMax: LIMIT, issue: 'must be at most 100000 bytes' }])
})

test('a sender that was stopped is heard again, on another connection', async () => {
  const tooLarge = { filename: 'a', type: 'text/plain', content: 'x'.repeat(20 * LIMIT) }
  for (let n = 0; n < 5; n++) {
    const answer = await world.upload(tooLarge)
    expect([answer.body, answer.headers.get('connection')]).toMatchObject([{ entry: 'fileTooLarge' }, 'close'])
  }
  expect((await world.upload({ ...tooLarge, content: 'x' })).status).toBe(201)
})

test('a sender that only listens once it is stuck still hears why', async () => {
  const socket = connect(Number(new URL(world.url).port), '127.0.0.1')
  const broken: Error[] = []
  socket.on('error', (error) => broken.push(error))
  socket.write(`POST /v1/files HTTP/1.1\r\nHost: a\r\nContent-Type: ${formType}\r\nContent-Length: 50000000\r\n\r\n`)
  socket.write(formOf({ filename: 'a', type: 'text/plain', content: 'x'.repeat(40_000_000) }))
  await world.eventually(() => expect(world.clock.pending()).toBe(1))
  // By now a connection that was closed at once would be seen to be reset.
  for (let n = 0; n < 5; n++) await world.send('GET', '/v1/models')
  let heard = ''
  socket.setEncoding('utf8').on('data', (text) => (heard += text.toString()))
  await world.eventually(() => expect(heard).toContain('"entry":"fileTooLarge"'))
  expect(broken).toEqual([])
  socket.destroy()
})

test('nothing is read beyond the limit: the answer comes while the sender still has most of its file', async () => {
  const head = formOf({ filename: 'a', type: 'text/plain', content: '' }).subarray(0, -boundary.length - 8)
  const sent = requestHttp(`${world.url}/v1/files`, { method: 'POST', headers: { 'content-type': formType, 'content-length': 1_000_000_000 } })
  sent.on('error', () => {})
  let bytes = 0
  const push = (): void => {
    while (bytes < 200_000_000 && sent.write(Buffer.alloc(65_536, 'x'))) bytes += 65_536
  }
  const answer = await new Promise<IncomingMessage>((resolve) => {
    sent.on('drain', push).on('response', resolve).write(head)
    push()
  })
  sent.off('drain', push)
  expect(answer.statusCode).toBe(400)
  // What the buffers of both ends hold, and not the file.
  expect(bytes).toBeLessThan(20_000_000)
  const closed = new Promise((resolve) => {
    sent.on('close', resolve)
  })
  // The sender does not hang up by itself; it is given two seconds.
  world.clock.advance(2_000)
  await closed
})

test('the connection serves on behind an upload', async () => {
  const form = formOf({ filename: 'a', type: 'text/plain', content: 'Hello.' })
  const socket = connect(Number(new URL(world.url).port), '127.0.0.1')
  let heard = ''
  socket.setEncoding('utf8').on('data', (text) => (heard += text.toString()))
  const post = `POST /v1/files HTTP/1.1\r\nHost: a\r\nContent-Type: ${formType}\r\nContent-Length: ${form.length + 6}\r\n\r\n`
  // A form may be followed by words that nobody reads.
  socket.write(Buffer.concat([Buffer.from(post), form, Buffer.from('\r\nbye.')]))
  await world.eventually(() => expect(heard).toContain('201 Created'))
  socket.write('GET /v1/models/gpt-4 HTTP/1.1\r\nHost: a\r\n\r\n')
  await world.eventually(() => expect(heard).toContain('"id":"gpt-4"'))
  world.clock.advance(10_000)
  socket.write('GET /v1/models/dall-e-3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  await world.eventually(() => expect(heard).toContain('"id":"dall-e-3"'))
  socket.destroy()
})

test.each([
  ['no form', Buffer.from('{}'), 'application/json', { entry: 'invalidRequest', issue: 'the body must be multipart/form-data with a boundary' }],
  ['no boundary', formOf({ content: png }), 'multipart/form-data', { entry: 'invalidRequest', issue: 'the body must be multipart/form-data with a boundary' }],
  ['an empty boundary', formOf({ content: png }), 'multipart/form-data; charset=x', { entry: 'invalidRequest', issue: 'the body must be multipart/form-data with a boundary' }],
  ['no file', formOf({ name: 'other', content: 'text' }), formType, { entry: 'missingField', field: 'file', issue: 'is required' }],
  ['a file under another name', formOf({ name: 'upload', filename: 'a.png', type: 'image/png', content: png }), formType, { entry: 'missingField', field: 'file', issue: 'is required' }],
  ['text for a file', formOf({ content: 'text' }), formType, { entry: 'invalidField', field: 'file', issue: 'must be a file, not text' }],
  ['two files', formOf({ filename: 'a', content: 'a' }, { filename: 'b', content: 'b' }), formType, { entry: 'invalidField', field: 'file', issue: 'must be given once' }],
  ['much besides its file', Buffer.concat([formOf({ filename: 'a', content: 'a' }), Buffer.alloc(200_000, 'x')]), formType, { entry: 'invalidRequest', issue: 'the form must not hold more than 65536 bytes besides the file' }],
  ['an empty file', formOf({ filename: 'a', content: '' }), formType, { entry: 'invalidField', field: 'file', issue: 'must not be empty' }],
])('a body with %s is refused', async (_, body, type, problem) => {
  const answer = await world.send('POST', '/v1/files', body, { 'content-type': type })
  expect([answer.status, answer.body]).toMatchObject([400, problem])
})

test('a form that is cut anywhere is answered, and never taken', async () => {
  const form = formOf({ name: 'note', content: 'text' }, { filename: 'a.txt', type: 'text/plain', content: 'Hello.' })
  const end = form.length - '--\r\n'.length
  for (let length = 0; length < end; length++) {
    const answer = await world.send('POST', '/v1/files', form.subarray(0, length), { 'content-type': formType })
    expect([length, answer.status]).toEqual([length, 400])
  }
  expect((await world.send('GET', '/v1/files')).body?.['data']).toEqual([])
})

test('a sender that hangs up in the middle of its file leaves nothing behind', async () => {
  const socket = connect(Number(new URL(world.url).port), '127.0.0.1')
  socket.write(`POST /v1/files HTTP/1.1\r\nHost: a\r\nContent-Type: ${formType}\r\nContent-Length: 5000\r\n\r\n`)
  socket.write(formOf({ filename: 'a', content: 'x' }).subarray(0, 100))
  await new Promise((resolve) => {
    socket.once('connect', resolve)
  })
  socket.resetAndDestroy()
  await world.send('GET', '/v1/files')
  expect([(await world.send('GET', '/v1/files')).body?.['data'], world.errors, world.clock.pending()]).toEqual([[], [], 0])
})

test('files are listed, shown and deleted, and those of another account are not there', async () => {
  const stranger = { 'tollgate-account': 'org_2' }
  const { data: file } = await world.upload({ filename: '../../etc/passwd', type: 'text/plain', content: 'x' })
  const path = `/v1/files/${String(file['id'])}`
  expect(file['name']).toBe('passwd')
  expect((await world.send('GET', path)).data).toEqual(file)
  expect((await world.send('GET', '/v1/files')).body?.['data']).toEqual([file])
  for (const [method, target] of [['GET', path], ['GET', `${path}/content`], ['DELETE', path]] as const) {
    const answer = await world.send(method, target, undefined, stranger)
    expect([answer.status, answer.body]).toMatchObject([404, { entry: 'resourceNotFound', resource: 'file', id: file['id'] }])
  }
  expect((await world.send('GET', '/v1/files', undefined, stranger)).body?.['data']).toEqual([])
  expect((await world.send('DELETE', path)).data).toEqual({ id: file['id'], deleted: true })
  expect((await world.send('GET', path)).status).toBe(404)
})

test('an account may keep twenty files', async () => {
  for (let n = 0; n < 20; n++) expect((await world.upload({ filename: 'a', type: 'text/plain', content: 'x' })).status).toBe(201)
  const refused = await world.upload({ filename: 'a', type: 'text/plain', content: 'x' })
  expect([refused.status, refused.body]).toMatchObject([400, { entry: 'invalidRequest', issue: 'there are 20 files already, and no more are allowed: delete one first' }])
  expect((await world.upload({ filename: 'a', type: 'text/plain', content: 'x' }, { 'tollgate-account': 'org_2' })).status).toBe(201)
})
