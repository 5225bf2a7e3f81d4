/** A service that refuses as it always did, behind the whole program, over sockets. */
import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { createService, paidConfig, promised, startPaid } from '../fixtures/paid-program.ts'

const refusal = (code: string, message: string) => JSON.stringify({ success: false, data: null, error: { code, message, details: {} }, meta: { request_id: 'r' } })

async function world() {
  const service = await createService()
  const program = await startPaid(service)
  const lastRow = async () => (await program.gateway.store.requests({ limit: 1 }))[0]
  return { ...program, lastRow }
}

describe('a service that refuses in the envelope of the contract', () => {
  it('is heard, under its own status and inside a 200, in one chunk or in many, and costs nothing', async () => {
    const { service, send, money } = await world()
    for (const [status, pieces] of [[404, 1], [200, 1], [200, 9]] as const) {
      service.answerBy((_, response) => {
        response.writeHead(status, { 'content-type': 'application/json' })
        const body = refusal('PRODUCT_NOT_FOUND', 'Wir führen das nicht.')
        const size = Math.ceil(body.length / pieces)
        for (let at = 0; at < body.length; at += size) response.write(body.slice(at, at + size))
        response.end()
      })
      const answer = await send('POST /v1/work')
      expect([answer.status, await answer.json()]).toMatchObject([404, { success: false, error: { code: 'PRODUCT_NOT_FOUND', message: 'Wir führen das nicht.' } }])
    }
    expect(await money()).toEqual({ available: 500, held: 0 })
  })

  it.each(['application/json; charset=utf-8', 'application/vnd.api+json', 'text/json', 'text/html; charset=UTF-8', 'text/plain', undefined])('is heard inside a 200 that calls itself %s', async (type) => {
    const { service, send, money } = await world()
    service.answerBy((_, response) => response.writeHead(200, type === undefined ? {} : { 'content-type': type }).end(refusal('PRODUCT_NOT_FOUND', 'No such thing.')))
    expect((await send('POST /v1/work')).status).toBe(404)
    expect(await money()).toEqual({ available: 500, held: 0 })
  })

  it.each([['text/html', '<p>one'], ['text/plain', 'one'], ['text/plain', '{"i":1}\n'], ['application/json', '{"i":1}\n']])('a stream of %s that begins as %j is not held back', async (type, beginning) => {
    const { service, send } = await world()
    const seen = promised()
    service.answerBy((_, response) => {
      response.writeHead(200, { 'content-type': type }).write(beginning)
      void seen.promise.then(() => response.end('{"i":2}'))
    })
    const reader = (await send('POST /v1/work')).body?.getReader()
    // The rest is only sent once this has come.
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe(beginning)
    seen.resolve()
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('{"i":2}')
  })

  it('is heard through gzip too; a compressed success passes as it came', async () => {
    const { service, send, money } = await world()
    const answerWith = (body: string) => service.answerBy((_, response) => response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(gzipSync(body)))
    answerWith(refusal('PRODUCT_NOT_FOUND', 'No such thing.'))
    expect(await (await send('POST /v1/work')).json()).toMatchObject({ error: { code: 'PRODUCT_NOT_FOUND', message: 'No such thing.' } })
    expect(await money()).toEqual({ available: 500, held: 0 })
    answerWith('{"success":true,"data":1}')
    const answer = await send('POST /v1/work')
    expect([answer.status, answer.headers.get('content-encoding'), await answer.json()]).toEqual([200, 'gzip', { success: true, data: 1 }])
    expect(await money()).toEqual({ available: 490, held: 0 })
  })

  it('a success that streams goes on streaming: its first member says that it is none', async () => {
    const { service, send, money } = await world()
    const seen = promised()
    service.answerBy((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.write('{"success":true,"data":[1')
      void seen.promise.then(() => response.end(',2]}'))
    })
    const answer = await send('POST /v1/work')
    const reader = answer.body?.getReader()
    // The rest is only sent once this has come.
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('{"success":true,"data":[1')
    seen.resolve()
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe(',2]}')
    expect(await money()).toEqual({ available: 490, held: 0 })
  })

  it('a body that is longer than any refusal passes as it is, byte for byte', async () => {
    const { service, send } = await world()
    const body = JSON.stringify({ items: Array.from({ length: 30_000 }, (_, at) => at), success: false })
    service.answerBy((_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end(body))
    expect(await (await send('POST /v1/work')).text()).toBe(body)
  })

  it('whoever leaves while it is not known yet pays for a success and not for a refusal', async () => {
    const { service, send, money, lastRow } = await world()
    for (const [body, available] of [['{"data":1', 490], ['{"success":false,"error":{"code":"PRODUCT_NOT_FOUND","message":"x"}', 490]] as const) {
      const begun = promised()
      const gone = promised()
      service.answerBy((_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        response.write(body, () => begun.resolve())
        void gone.promise.then(() => response.end('}'))
      })
      const before = (await lastRow())?.requestId
      const leaving = new AbortController()
      const answer = send('POST /v1/work', { signal: leaving.signal }).catch(() => undefined)
      await begun.promise
      leaving.abort()
      await answer
      gone.resolve()
      await expect.poll(async () => ((await lastRow())?.requestId === before ? undefined : await money()), { timeout: 20_000 }).toEqual({ available, held: 0 })
    }
  })

  it('a service that dies in the middle of what is held back is answered for, whole, in the envelope', async () => {
    const { service, send, money } = await world()
    service.answerBy((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 })
      response.write('{"data":', () => response.destroy())
    })
    const answer = await send('POST /v1/work')
    expect([answer.status, await answer.json()]).toMatchObject([502, { error: { code: 'BACKEND_ERROR' } }])
    // Nobody knows what it did.
    expect(await money()).toEqual({ available: 490, held: 10 })
  })

  it('what cannot be read is in the log, for `tollgate request` to tell', async () => {
    const { service, send, gateway, lastRow } = await world()
    service.answerBy((_, response) => response.writeHead(422, { 'content-type': 'text/html' }).end('<h1>The colour \u001b[31m is unknown</h1>'))
    expect((await send('POST /v1/work')).status).toBe(400)
    const { requestId } = (await lastRow()) ?? {}
    const shown = await fetch(`${gateway.adminUrl}/v1/requests/${requestId}`, { headers: { authorization: 'Bearer a-token-for-this-test-only' } })
    const { explanation } = (await shown.json()) as { readonly explanation: readonly { readonly about: string; readonly sentences: readonly string[] }[] }
    expect(explanation.find(({ about }) => about === 'upstream')?.sentences[1]).toBe('What it said could not be taken for its answer: text/html, 36 bytes: <h1>The colour [31m is unknown</h1>')
  })
})

describe('a refusal that costs', () => {
  /** A search at 0.10: it may find nothing, and has been made. */
  async function searching() {
    const service = await createService()
    const config = paidConfig(service.port)
    config.apis['nexalayer']?.routes.push({ on: 'POST /v1/search', steps: [{ idempotency: {} }, { take: [{ meter: 'credit', price: '0.10', chargeOn: ['resource.not_found'] }] }] })
    return startPaid(service, { config })
  }

  it.each<[string, number, { readonly [name: string]: string }, string]>([
    ['by name', 404, { 'content-type': 'application/problem+json' }, '{"entry":"productNotFound"}'],
    ['in the envelope, inside a 200', 200, { 'content-type': 'application/json' }, refusal('PRODUCT_NOT_FOUND', 'No such thing.')],
  ])('is charged once for its key, which gets it again: %s', async (_, status, headers, body) => {
    const { service, send, money, ledger } = await searching()
    service.answerBy((_request, response) => response.writeHead(status, headers).end(body))
    const answers = [await send('POST /v1/search', { headers: { 'idempotency-key': 'k1' } }), await send('POST /v1/search', { headers: { 'idempotency-key': 'k1' } })]
    expect(answers.map((answer) => [answer.status, answer.headers.get('idempotent-replayed')])).toEqual([[404, null], [404, 'true']])
    const [first, second] = await Promise.all(answers.map((answer) => answer.json()))
    expect(first).toMatchObject({ success: false, error: { code: 'PRODUCT_NOT_FOUND' } })
    expect(second).toEqual(first)
    expect([service.seen.length, await money()]).toEqual([1, { available: 490, held: 0 }])
    expect(await ledger()).toEqual([{ kind: 'hold', units: 10, reason: 'request' }, { kind: 'settle', units: 10, reason: 'refused: resource.not_found' }])
  })

  it('is charged what it says, which no caller sees, and is charged though its caller has gone', async () => {
    const { service, send, money } = await searching()
    const asked = promised<ServerResponse>()
    service.answerBy((_, response) => asked.resolve(response))
    const leaving = new AbortController()
    const call = send('POST /v1/search', { signal: leaving.signal }).catch(() => undefined)
    const response = await asked.promise
    leaving.abort()
    await call
    response.writeHead(422, { 'tollgate-price': '0.03' }).end()
    await expect.poll(money, { timeout: 30_000 }).toEqual({ available: 497, held: 0 })
    service.answerBy((_, answer) => answer.writeHead(404, { 'tollgate-price': '0.04' }).end())
    const heard = await send('POST /v1/search')
    expect([heard.status, heard.headers.get('tollgate-price'), await money()]).toEqual([404, null, { available: 493, held: 0 }])
  })
})
