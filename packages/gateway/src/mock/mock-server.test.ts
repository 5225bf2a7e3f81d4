import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { chatads, problem } from 'tollgate/catalog'
import type { MockReport, MockScript } from 'tollgate/testing'
import type { Wire } from '../http/front.ts'
import { GatewayStartError } from '../platform/start-error.ts'
import { startMock, type MockServer } from './mock-server.ts'

async function serving(script: MockScript = {}, wire: Wire = 'plain'): Promise<MockServer> {
  const errors: unknown[] = []
  const server = await startMock({ contract: problem, script, address: { port: 0, host: '127.0.0.1' }, wire, onError: (error) => errors.push(error) })
  onTestFinished(async () => {
    await server.close()
    expect(errors).toEqual([])
  })
  return server
}

/** All that comes until the connection ends; `reset` where it ends by one. */
async function raw(url: string, path: string, headers = ''): Promise<{ readonly said: string; readonly isReset: boolean }> {
  const { port } = new URL(url)
  const socket = connect(Number(port), '127.0.0.1')
  let said = ''
  let isReset = false
  socket.setEncoding('latin1').on('data', (chunk) => (said += String(chunk)))
  socket.on('error', () => (isReset = true))
  socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${headers}\r\n`)
  await new Promise((resolve) => socket.once('close', resolve))
  return { said, isReset }
}

const bodyOf = (said: string): string => said.split('\r\n\r\n').slice(1).join('\r\n\r\n')
const WHOLE = '{"ok":true,"method":"GET","path":"/_mock/success"}'

describe.each(['plain', 'node'] as const)('over the %s wire', (wire) => {
  it('a dropped connection says nothing, and is reset', async () => {
    const { url, mock } = await serving({}, wire)
    expect(await raw(url, '/_mock/success?drop=early')).toEqual({ said: '', isReset: true })
    expect(mock.calls()[0]?.attempts[0]).toMatchObject({ played: { kind: 'dropped' }, ending: 'cut', isDone: false })
  })

  it('a body is cut after so many bytes, by a reset or a close', async () => {
    const { url } = await serving({}, wire)
    const reset = await raw(url, '/_mock/success?cut=5')
    expect({ ...reset, said: bodyOf(reset.said) }).toEqual({ said: WHOLE.slice(0, 5), isReset: true })
    const closed = await raw(url, '/_mock/success?cut=5:close')
    expect({ ...closed, said: bodyOf(closed.said) }).toEqual({ said: WHOLE.slice(0, 5), isReset: false })
    expect(closed.said).toContain(`Content-Length: ${WHOLE.length}\r\n`)
  })

  it('a stream ends too soon, in order or not', async () => {
    const { url } = await serving({ success: { events: ['one', 'two', 'three'] } }, wire)
    const ended = await raw(url, '/_mock/success?stream&cut=2:end', 'Connection: close\r\n')
    expect(bodyOf(ended.said)).toMatch(/data: one[\s\S]*data: two[\s\S]*\r\n0\r\n\r\n$/)
    expect(ended.said).not.toContain('three')
    const cut = await raw(url, '/_mock/success?stream&cut=2:close')
    expect(bodyOf(cut.said)).toMatch(/data: two\n\n\r\n$/)
  })

  it('a length is wrong by so much, and the connection ends with it', async () => {
    const { url } = await serving({}, wire)
    for (const off of [10, -10]) {
      const { said } = await raw(url, `/_mock/success?lengthOff=${off}`)
      expect(said).toContain(`Content-Length: ${WHOLE.length + off}\r\n`)
      expect(bodyOf(said)).toBe(WHOLE)
    }
  })

  it('a slow body comes in pieces', async () => {
    const { url } = await serving({}, wire)
    const answer = await fetch(`${url}/_mock/success?pause=5ms`)
    let pieces = 0
    for await (const _ of answer.body ?? []) pieces += 1
    expect(pieces).toBeGreaterThan(3)
  })

  it('whoever goes away before the answer is seen to have gone', async () => {
    const { url, mock } = await serving({ rules: [{ answer: { delayMs: 60_000 } }] }, wire)
    const caller = new AbortController()
    const asked = fetch(url, { signal: caller.signal })
    await vi.waitUntil(() => mock.calls().length === 1, { timeout: 30_000 })
    caller.abort()
    await expect(asked).rejects.toThrow('aborted')
    await vi.waitUntil(() => mock.calls()[0]?.attempts[0]?.ending === 'gone', { timeout: 30_000 })
  })
})

it.each([204, 205, 304])('a %i has no body, and says no length that is none', async (status) => {
  const { url } = await serving({ rules: [{ answer: { status } }] })
  const { said } = await raw(url, '/v1/things', 'Connection: close\r\n')
  expect(bodyOf(said)).toBe('')
  expect(/content-length: (\d+)/i.exec(said)?.[1]).toBe(status === 205 ? '0' : undefined)
})

it('at its end what is under way is answered, and what takes longer is cut', async () => {
  const server = await startMock({ contract: problem, script: { rules: [{ on: '/soon', answer: { delayMs: 100 } }, { answer: { delayMs: 600_000 } }] }, address: { port: 0, host: '127.0.0.1' }, onError: () => undefined })
  const soon = fetch(`${server.url}/soon`)
  const late = fetch(`${server.url}/late`).then(() => 'answered', () => 'cut')
  await vi.waitUntil(() => server.mock.calls().length === 2, { timeout: 30_000 })
  const closed = server.close()
  expect((await soon).status).toBe(200)
  await closed
  expect(await late).toBe('cut')
})

it('asked with HEAD it says the head alone, and what is no HTTP is refused in the words of the contract', async () => {
  const { url } = await serving()
  const head = await fetch(`${url}/v1/things`, { method: 'HEAD' })
  expect([head.status, await head.text()]).toEqual([200, ''])
  const { port } = new URL(url)
  const socket = connect(Number(port), '127.0.0.1').on('error', () => undefined)
  socket.write('nonsense\r\n\r\n')
  expect(await text(socket)).toContain('"code":"request.invalid"')
})

it('its report is there while it runs, as text and as JSON, and can be forgotten', async () => {
  const { url } = await serving({ rules: [{ answer: { entry: 'insufficientCredit' } }] })
  for (let at = 0; at < 2; at++) await (await fetch(`${url}/v1/things`)).text()
  expect(await (await fetch(`${url}/_mock/report`)).text()).toMatch(/WRONG {2}retried-never +GET \/v1\/things \(call 1\) was repeated once after insufficientCredit/)
  const report = (await (await fetch(`${url}/_mock/report`, { headers: { Accept: 'application/json' } })).json()) as MockReport
  expect(report).toMatchObject({ verdict: 'failed', requests: 2, calls: 1, faults: [{ rule: 'retried-never', attempts: [2] }] })
  expect((await fetch(`${url}/_mock/reset`, { method: 'POST' })).status).toBe(204)
  expect(await (await fetch(`${url}/_mock/report?json`)).json()).toMatchObject({ requests: 0, verdict: 'passed' })
})

it('who may still come back is not yet said to have given up, unless it is asked for the end', async () => {
  const { url } = await serving({ rules: [{ answer: { entry: 'rateLimited' } }] })
  await (await fetch(`${url}/v1/things`)).text()
  expect(await (await fetch(`${url}/_mock/report?json`)).json()).toMatchObject({ faults: [] })
  expect(await (await fetch(`${url}/_mock/report?json&final`)).json()).toMatchObject({ faults: [{ rule: 'gave-up' }] })
})

it('its page has every entry with its meaning, its rule and its command, and lets nothing in', async () => {
  const server = await startMock({ contract: chatads, script: {}, address: { port: 0, host: '127.0.0.1' }, onError: () => undefined })
  onTestFinished(() => server.close())
  const page = await fetch(server.url, { headers: { Accept: 'text/html,*/*' } })
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
  const html = await page.text()
  expect(html).not.toMatch(/<style|style=|onclick|<script(?! type="module" src="\/_mock\/page\.js")/)
  for (const { id, retry, description } of chatads.entries.values()) {
    expect(html).toContain(`curl -i ${server.url}/_mock/${id}<`)
    expect(html).toContain(`<li>retry: ${retry}</li>`)
    expect(html).toContain(description.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`))
  }
  const entries = (await (await fetch(`${server.url}/_mock/entries`)).json()) as readonly { readonly id: string }[]
  expect(entries.map(({ id }) => id)).toEqual([...chatads.entries.keys()])
  // A client of the API at the same place gets what the API has there.
  expect(await (await fetch(server.url)).json()).toMatchObject({ success: true })
})

it('a host that is none does not reach the page', async () => {
  const { url } = await serving()
  const { said } = await raw(url, '/_mock/', 'Connection: close\r\n'.replace('Connection', 'X-Forwarded-Host: "><script>\r\nConnection'))
  expect(said).not.toContain('"><script>')
})

it('pages of any origin may read its answers where that is asked for, and else not', async () => {
  const server = await startMock({ contract: problem, script: {}, address: { port: 0, host: '127.0.0.1' }, cors: true, onError: () => undefined })
  onTestFinished(() => server.close())
  const asked = await fetch(`${server.url}/v1/things`, { method: 'OPTIONS', headers: { Origin: 'http://localhost:3000', 'Access-Control-Request-Method': 'PATCH', 'Access-Control-Request-Headers': 'idempotency-key' } })
  expect([asked.status, asked.headers.get('access-control-allow-origin'), asked.headers.get('access-control-allow-methods'), asked.headers.get('access-control-allow-headers')]).toEqual([204, '*', 'PATCH', 'idempotency-key'])
  expect((await fetch(`${server.url}/_mock/rateLimited`)).headers.get('access-control-expose-headers')).toBe('*')
  expect(server.mock.grade().requests).toBe(1)
  const { url } = await serving()
  expect((await fetch(`${url}/_mock/rateLimited`)).headers.get('access-control-allow-origin')).toBeNull()
})

it('a port that is taken is named', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => other.once('listening', resolve))
  onTestFinished(() => void other.close())
  const { port } = other.address() as AddressInfo
  const started = startMock({ contract: problem, script: {}, address: { port, host: '127.0.0.1' }, onError: () => undefined })
  await expect(started).rejects.toThrow(new GatewayStartError('resource', `the mock on 127.0.0.1:${port}: the port is in use by another process; stop that one, or choose another port`))
})
