import { createConnection } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createWorld, startMs, videoBody } from '../test/world.ts'
import type { World } from '../test/world.ts'
import { wavHead } from '../test/wav.ts'
import { createJoggService } from './service.ts'

const CREATE = '/v2/create_video_from_avatar'
let world: World

beforeAll(async () => {
  world = await createWorld()
})
afterEach(() => world.errors.splice(0))
afterAll(() => world.close())

function voice(fields: Record<string, unknown>): Record<string, unknown> {
  return videoBody({ voice: { voice_id: 'en-GB-SoniaNeural', ...fields } })
}

test('an order is answered with an id at once, and with its price', async () => {
  const answer = await world.send('POST', CREATE, videoBody())
  expect([answer.status, answer.headers.get('tollgate-price')]).toEqual([200, '1.000'])
  expect(answer.body).toEqual({ code: 0, msg: 'Success', data: { video_id: expect.stringMatching(/^video_[\da-f]{32}$/) } })
})

test.each([
  [1440, '1.000'],
  [1441, '2.000'],
  [6000, '5.000'],
])('a script of %d characters in a voice of 120 words a minute costs %s credits', async (characters, price) => {
  const answer = await world.send('POST', CREATE, voice({ script: 'x'.repeat(characters) }))
  expect(answer.headers.get('tollgate-price')).toBe(price)
})

test('a quicker voice needs less time, and so fewer credits', async () => {
  const answer = await world.send('POST', CREATE, voice({ voice_id: 'en-US-JennyNeural', script: 'x'.repeat(1441) }))
  expect(answer.headers.get('tollgate-price')).toBe('1.000')
})

test('a recording costs by its own length', async () => {
  world.receiver.file = wavHead(121)
  const answer = await world.send('POST', CREATE, videoBody({ voice: { type: 'audio', audio_url: world.receiver.url } }))
  expect([answer.status, answer.headers.get('tollgate-price')]).toEqual([200, '2.000'])
})

test.each([
  ['lasts longer than ten minutes', wavHead(601), 200, 'must not last longer than 10 minutes'],
  ['is no WAV file', Buffer.from('ID3'), 200, 'must be a WAV file that states its length'],
  ['is not there', Buffer.alloc(0), 404, 'cannot be fetched'],
])('a recording that %s is refused and costs nothing', async (_, file, status, issue) => {
  world.receiver.file = file
  world.receiver.statuses.push(status)
  const answer = await world.send('POST', CREATE, videoBody({ voice: { audio_url: world.receiver.url } }))
  expect([answer.status, answer.headers.get('tollgate-price'), answer.body]).toMatchObject([400, null, { entry: 'parameterError', field: 'voice.audio_url', issue }])
})

test('a recording on a private address is never asked for', async () => {
  const answer = await world.send('POST', CREATE, videoBody({ voice: { audio_url: 'https://10.0.0.1/a.wav' } }))
  expect(answer.body).toMatchObject({ entry: 'parameterError', field: 'voice.audio_url', issue: 'must be reachable from the internet' })
})

test('a video is queued, makes progress in the time of the clock, and can be watched in the end', async () => {
  const id = await world.order()
  const look = async () => (await world.send('GET', `/v2/avatar_video/${id}`)).body.data
  expect(await look()).toEqual({
    video_id: id,
    video_name: null,
    status: 'queued',
    progress: 0,
    duration_seconds: 6,
    video_url: null,
    cover_url: null,
    error_msg: null,
    created_at: startMs / 1000,
  })
  await world.until(id, 'processing')
  await world.eventually(() => expect(world.clock.pending()).toBeGreaterThan(0))
  world.clock.advance(1_000)
  const half = await look()
  expect(half?.['progress']).toBeGreaterThan(20)
  expect(half?.['progress']).toBeLessThan(100)

  const done = await world.until(id, 'completed')
  expect(done).toMatchObject({ progress: 100, video_url: `${world.url}/media/${id}/video.svg`, cover_url: `${world.url}/media/${id}/cover.svg` })
  const video = await fetch(String(done['video_url']))
  expect([video.status, video.headers.get('content-type'), video.headers.get('content-security-policy')]).toEqual([200, 'image/svg+xml', "default-src 'none'; sandbox"])
  expect(await video.text()).toContain('>Hi, welcome to JoggAI and create<')
  expect(await (await fetch(String(done['cover_url']))).text()).toMatch(/^<svg /)
})

test('an avatar whose asset is damaged fails the video, tells its owner why, and the log where', async () => {
  const id = await world.order({ avatar: { avatar_id: 140 } })
  const failed = await world.until(id, 'failed')
  expect(failed).toMatchObject({ progress: 0, video_url: null, error_msg: 'avatar 140 cannot be drawn: its asset is damaged' })
  expect(world.errors).toEqual([{ error: expect.objectContaining({ message: 'the asset marlow.json is damaged or lost' }), where: id }])
  expect((await world.send('GET', `/media/${id}/video.svg`)).status).toBe(404)
})

test('four videos are rendered at a time; a fifth waits its turn and is completed too', async () => {
  const own = await createWorld()
  const ids = [await own.order(), await own.order(), await own.order(), await own.order(), await own.order()]
  own.clock.advance(1_000)
  const statuses = async () => Promise.all(ids.map(async (id) => (await own.send('GET', `/v2/avatar_video/${id}`)).body.data?.['status']))
  expect(await statuses()).toEqual(['processing', 'processing', 'processing', 'processing', 'queued'])
  await own.until(ids[4] ?? '', 'completed')
  expect(new Set(await statuses())).toEqual(new Set(['completed']))
  await own.close()
})

test('a video that ended a week ago is forgotten', async () => {
  const own = await createWorld()
  const id = await own.order()
  await own.until(id, 'completed')
  own.clock.advance(7 * 24 * 60 * 60 * 1000)
  expect((await own.send('GET', `/v2/avatar_video/${id}`)).status).toBe(404)
  await own.close()
})

test.each([
  ['an unknown video', 'GET', '/v2/avatar_video/video_0', undefined],
  ['an unknown avatar', 'POST', CREATE, videoBody({ avatar: { avatar_id: 5 } })],
  ['an unknown voice', 'POST', CREATE, videoBody({ voice: { voice_id: 'nobody', script: 'Hello' } })],
  ['another account’s own avatar', 'POST', CREATE, videoBody({ avatar: { avatar_type: 1, avatar_id: 9001 } })],
  ['an unknown endpoint', 'DELETE', '/v2/endpoint/wh_0', undefined],
  ['the deliveries of an unknown endpoint', 'GET', '/v2/endpoint/wh_0/deliveries', undefined],
  ['an unknown picture', 'GET', '/media/video_0/video.svg', undefined],
])('%s is refused as a record that is not there', async (_, method, path, body) => {
  const answer = await world.send(method, path, body)
  expect([answer.status, answer.headers.get('content-type'), answer.body]).toMatchObject([404, 'application/problem+json', { entry: 'recordNotFound' }])
})

test('another account’s video is not there', async () => {
  const id = await world.order()
  expect((await world.send('GET', `/v2/avatar_video/${id}`, undefined, { 'tollgate-account': 'studio_2' })).body).toMatchObject({ entry: 'recordNotFound' })
})

test('an account has its own avatars and voices besides everybody’s', async () => {
  const keeper = { 'tollgate-account': 'studio_lighthouse' }
  const id = await world.order({ avatar: { avatar_type: 1, avatar_id: 9001 }, voice: { voice_id: 'custom_keeper', script: 'Mind the rocks.' } }, keeper)
  await world.until(id, 'completed', keeper)
  expect((await world.send('GET', '/v2/avatars/custom', undefined, keeper)).body.data).toMatchObject({ avatars: [{ avatar_id: 9001 }] })
  expect((await world.send('GET', '/v2/voices/custom', undefined, keeper)).body.data).toMatchObject({ voices: [{ voice_id: 'custom_keeper' }] })
  expect((await world.send('GET', '/v2/avatars/custom')).body.data).toEqual({ avatars: [] })
})

test('an account’s record that was cut off is a bare 500, and an error with the request id in the log', async () => {
  const body = videoBody({ voice: { voice_id: 'custom_first_take', script: 'Hello' } })
  const answer = await world.send('POST', CREATE, body, { 'tollgate-account': 'studio_corrupt', 'tollgate-request-id': 'req-9' })
  expect([answer.status, answer.text, answer.headers.get('tollgate-price')]).toEqual([500, '', null])
  expect(world.errors).toEqual([{ error: expect.any(SyntaxError), where: 'req-9' }])
})

test('the same account is served as long as its record is not needed', async () => {
  expect((await world.send('POST', CREATE, videoBody(), { 'tollgate-account': 'studio_corrupt' })).status).toBe(200)
})

test('an account id cannot lead out of the folder', async () => {
  expect((await world.send('GET', '/v2/voices/custom', undefined, { 'tollgate-account': '../public' })).body.data).toEqual({ voices: [] })
})

test('what no schema can say is refused as a problem that names the field', async () => {
  const answer = await world.send('POST', CREATE, voice({ script: 'Hello', audio_url: 'https://example.com/a.wav' }))
  expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json'])
  expect(answer.body).toEqual({
    title: 'Parameter error',
    status: 400,
    entry: 'parameterError',
    field: 'voice.audio_url',
    issue: 'must not be given beside voice.script: choose one of them',
  })
})

test('avatars and voices are listed, and can be narrowed down', async () => {
  const all = await world.send('GET', '/v2/avatars')
  expect(all.text).toBe((await world.send('GET', '/v2/avatars/public')).text)
  expect(all.text).not.toContain('asset')
  expect((await world.send('GET', '/v2/avatars?gender=male&style=social')).body.data).toMatchObject({ avatars: [{ avatar_id: 140 }] })
  expect((await world.send('GET', '/v2/voices?language=german')).body.data).toMatchObject({ voices: [{ voice_id: 'de-DE-KatjaNeural' }] })
})

test('the remaining quota is the balance that the gateway tells', async () => {
  const usage = { perKey: { limit: 20, used: 1, remaining: 19 }, credits: { available: '12.500', held: '1.000', scale: 3 } }
  const answer = await world.send('GET', '/v2/user/remaining_quota', undefined, { 'tollgate-usage': JSON.stringify(usage) })
  expect(answer.body).toEqual({ code: 0, msg: 'Success', data: { remaining_quota: 12.5 } })
})

test('whoami names the user, or the account where there is none', async () => {
  expect((await world.send('GET', '/v2/user/whoami', undefined, { 'tollgate-user': 'johndoe' })).body.data).toEqual({ email: 'johndoe@jogg.example', username: 'johndoe' })
  expect((await world.send('GET', '/v2/user/whoami')).body.data).toEqual({ email: 'studio_1@jogg.example', username: 'studio_1' })
})

test('without a gateway in front it answers too', async () => {
  expect(await (await fetch(`${world.url}/v2/user/remaining_quota`)).json()).toEqual({ code: 0, msg: 'Success', data: { remaining_quota: null } })
})

test.each([
  ['GET', CREATE, 405, 'POST'],
  ['PUT', '/v2/endpoint/wh_1', 405, 'DELETE'],
  ['GET', '/v2/nothing', 404, null],
  ['GET', '/media/a/videoXsvg', 404, null],
])('%s %s is a bare %d', async (method, path, status, allow) => {
  const answer = await world.send(method, path)
  expect([answer.status, answer.headers.get('allow'), answer.text]).toEqual([status, allow, ''])
})

test('a body beyond 64 KiB is refused without being kept', async () => {
  expect((await world.send('POST', CREATE, 'x'.repeat(70_000))).status).toBe(413)
})

test('a caller who hangs up in the middle of the body leaves the service as it was', async () => {
  const socket = createConnection(Number(new URL(world.url).port), '127.0.0.1')
  await new Promise((resolve) => {
    socket.write('POST /v2/endpoint HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"url', resolve)
  })
  socket.destroy()
  expect((await world.send('GET', '/v2/events')).status).toBe(200)
  expect(world.errors).toEqual([])
})

test('a busy port rejects instead of crashing', async () => {
  await expect(createJoggService().listen(Number(new URL(world.url).port))).rejects.toThrow('EADDRINUSE')
})

test('HEAD is answered like GET, without the body', async () => {
  const [head, get] = await Promise.all(['HEAD', 'GET'].map((method) => fetch(`${world.url}/v2/avatars`, { method, headers: { 'tollgate-request-id': 'req_1' } })))
  expect([head?.status, head?.headers.get('content-length'), await head?.text()]).toEqual([200, get?.headers.get('content-length'), ''])
})
