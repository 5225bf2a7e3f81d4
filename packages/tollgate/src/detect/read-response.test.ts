import { expect, it } from 'vitest'
import { readResponse } from './read-response.ts'

it('reads a Response of fetch', async () => {
  const response = new Response('{"error":{"message":"x","type":"requests","code":"rate_limit_exceeded","param":null}}', { status: 429, headers: { 'Retry-After': '7', 'X-Request-Id': 'r1' } })
  expect(await readResponse(response)).toMatchObject({ dialect: 'openai', reason: 'rate.limited', retryAfterMs: 7_000, requestId: 'r1' })
  expect(await readResponse(new Response('{"ok":true}'))).toBeUndefined()
  expect(await readResponse(new Response(null, { status: 503 }))).toMatchObject({ reason: 'upstream.unavailable' })
})

it('reads no more of a body than its bound, and lets go of the rest', async () => {
  let [pulled, cancelled] = [0, 0]
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      pulled += 1
      controller.enqueue(new Uint8Array(65_536).fill(0x20))
    },
    cancel: () => void (cancelled += 1),
  })
  expect(await readResponse(new Response(endless, { status: 500 }), { bytesMax: 1_000_000 })).toMatchObject({ reason: 'internal' })
  expect(pulled).toBeLessThan(20)
  expect(cancelled).toBe(1)
})

it('a body that was read already says nothing, and the status and the headers say all there is', async () => {
  const used = new Response('{"error":{"code":"insufficient_quota","message":"x"}}', { status: 429, headers: { 'retry-after': '3' } })
  await used.text()
  expect(await readResponse(used)).toMatchObject({ certainty: 'status', reason: 'rate.limited', retryAfterMs: 3_000 })
})

it('what breaks off is read as far as it came', async () => {
  let sent = false
  const broken = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (sent) controller.error(new Error('reset'))
      else controller.enqueue(new TextEncoder().encode('{"message":"Too many'))
      sent = true
    },
  })
  expect(await readResponse(new Response(broken, { status: 429, headers: { 'retry-after': '3' } }))).toMatchObject({ reason: 'rate.limited', retryAfterMs: 3_000 })
})
