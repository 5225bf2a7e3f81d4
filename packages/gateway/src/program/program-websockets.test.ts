/** A WebSocket whose key stands in its handshake, with clients that keep to the standard: undici's, and a browser's. */
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'undici'
import type { FileInput } from '../config/shape/file-shape.ts'
import { putAcme } from '../fixtures/acme.ts'
import { BROWSER_TEST_MS, mayBrowse, openPage } from '../fixtures/browser.ts'
import { createWebSocketService } from '../fixtures/websocket-service.ts'
import { createJsonLog } from '../platform/log.ts'
import { startGateway } from './program.ts'
import { sha256Hex } from '../platform/secrets.ts'

const KEY = 'wk_a_key_of_this_test_only'
const SECRET = 'ws_a_secret_of_this_test_only'

async function start(select: (offered: readonly string[]) => string | undefined, from: unknown = [{ header: 'x-api-key' }, { subprotocol: 'tollgate.key.' }, { subprotocol: 'tollgate.token.', token: true }]) {
  const service = await createWebSocketService(select)
  const config = {
    listen: { port: 0 },
    admin: { port: 0 },
    calls: { port: 0 },
    store: 'memory',
    upstreams: { live: `http://127.0.0.1:${service.port}` },
    apis: {
      live: {
        mount: '/live',
        credentials: { from, prefix: 'wk_' },
        tokens: { secretPrefix: 'ws_' },
        meters: { opened: { window: '60s', limit: 100, per: 'key' } },
        plans: { free: {} },
        routes: [
          { on: 'GET /feed', steps: [{ take: ['opened'] }] },
          { on: 'GET /open', public: true },
          { on: 'POST /token', public: true, handler: 'issueToken' },
        ],
      },
    },
  }
  const lines: string[] = []
  const gateway = await startGateway({ config: config as unknown as FileInput, log: createJsonLog((line) => void lines.push(line)) })
  onTestFinished(() => gateway.close())
  await putAcme(gateway.directory, { api: 'live', key: KEY, more: { secretHashes: [{ hash: sha256Hex(SECRET), createdAtMs: 0 }] } })

  /** What a standard client makes of it. */
  function connect(path: string, ...subprotocols: string[]): Promise<{ readonly opened: boolean; readonly protocol?: string; readonly said?: unknown }> {
    return new Promise((resolve) => {
      const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/live${path}`, subprotocols)
      socket.addEventListener('message', ({ data }) => {
        resolve({ opened: true, protocol: socket.protocol, said: JSON.parse(String(data)) })
        socket.close()
      })
      socket.addEventListener('error', () => resolve({ opened: false }))
    })
  }

  const rows = () => gateway.store.requests({ limit: 100 })
  return { gateway, service, connect, rows, lines }
}

const chat = (offered: readonly string[]) => offered.find((each) => each === 'chat')

describe('a WebSocket', () => {
  it('shows its key as a subprotocol, which the service does not see; what it selects of the others is answered', async () => {
    const { service, connect } = await start(chat)
    expect(await connect('/feed', 'v0', 'chat', `tollgate.key.${KEY}`)).toEqual({ opened: true, protocol: 'chat', said: { offered: ['v0', 'chat'], account: 'acme' } })
    expect(JSON.stringify(service.seen[0]?.rawHeaders)).not.toContain(KEY)
  })

  it('gets the bare name back where the service selects none, with or without others offered', async () => {
    const { connect, service } = await start(() => undefined)
    expect(await connect('/feed', 'tollgate.key', `tollgate.key.${KEY}`)).toEqual({ opened: true, protocol: 'tollgate.key', said: { offered: [], account: 'acme' } })
    expect(service.seen[0]?.headers['sec-websocket-protocol']).toBeUndefined()
    expect(await connect('/feed', 'chat', 'tollgate.key', `tollgate.key.${KEY}`)).toMatchObject({ opened: true, protocol: 'tollgate.key', said: { offered: ['chat'] } })
  })

  it('may show a token instead, which its page got from its own server', async () => {
    const { gateway, connect } = await start(chat)
    const issued = await fetch(`${gateway.url}/live/token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ api_key: KEY, api_secret: SECRET }) })
    const { token } = (await issued.json()) as { token: string }
    expect(await connect('/feed', 'chat', `tollgate.token.${token}`)).toMatchObject({ opened: true, protocol: 'chat', said: { account: 'acme' } })
    expect((await connect('/feed', 'chat', `tollgate.key.${token}`)).opened).toBe(false)
  })

  it('with a wrong key, two keys, none, or one that stands alone is refused and found in the log, without the key', async () => {
    const { gateway, connect, rows, lines, service } = await start(chat)
    await connect('/feed', 'chat', 'tollgate.key.wk_wrong_key_of_a_stranger')
    await connect('/feed', 'chat', `tollgate.key.${KEY}`, `tollgate.key.${KEY}2`)
    await connect('/feed', 'chat', 'tollgate.key')
    await connect('/feed', `tollgate.key.${KEY}`)
    expect(service.seen).toEqual([])
    const logged = await rows()
    // A client may ask twice about a 401.
    expect(new Set(logged.map(({ refusal }) => refusal?.reason))).toEqual(new Set(['request.invalid', 'credential.missing', 'credential.invalid']))
    expect(JSON.stringify([logged, lines])).not.toMatch(/wk_(a_key|wrong)/)
    const alone = await fetch(`${gateway.url}/live/feed`, { headers: { 'sec-websocket-protocol': `tollgate.key.${KEY}` } })
    expect([alone.status, await alone.text()]).toEqual([400, expect.stringContaining('offer tollgate.key beside it')])
    expect(JSON.stringify([...alone.headers])).not.toContain(KEY)
  })

  it('does not hand the key on where no key is asked for', async () => {
    const { connect, service } = await start(chat)
    expect(await connect('/open', 'chat', `tollgate.key.${KEY}`)).toMatchObject({ opened: true, protocol: 'chat', said: { offered: ['chat'], account: null } })
    expect(JSON.stringify(service.seen[0]?.rawHeaders)).not.toContain(KEY)
  })

  it('shows no key in its address, and no API takes one from a subprotocol that did not say so', async () => {
    const { connect } = await start(chat)
    expect((await connect(`/feed?x-api-key=${KEY}&tollgate.key=${KEY}&key=${KEY}`, 'chat')).opened).toBe(false)
    const plain = await start(chat, [{ header: 'x-api-key' }, { header: 'authorization', scheme: 'bearer', token: true }])
    expect((await plain.connect('/feed', 'chat', `tollgate.key.${KEY}`)).opened).toBe(false)
    expect((await plain.connect('/open', 'chat', 'tollgate.key.mine')).said).toMatchObject({ offered: ['chat', 'tollgate.key.mine'] })
  })
})

describe.skipIf(!mayBrowse)('a page in Chromium', () => {
  it('opens WebSockets with a key, whatever the service selects', { timeout: BROWSER_TEST_MS }, async () => {
    const page = await openPage()
    const selecting = await start(chat)
    const silent = await start(() => undefined)
    const seen = await page.run(`
      const connect = (url, protocols) => new Promise((resolve) => {
        const socket = new WebSocket(url, protocols)
        socket.onmessage = ({ data }) => (resolve({ protocol: socket.protocol, said: JSON.parse(data) }), socket.close())
        socket.onerror = () => resolve('failed')
      })
      const [selecting, silent] = ['ws://127.0.0.1:${selecting.gateway.port}/live/feed', 'ws://127.0.0.1:${silent.gateway.port}/live/feed']
      return {
        selected: await connect(selecting, ['chat', 'tollgate.key.${KEY}']),
        bare: await connect(silent, ['tollgate.key', 'tollgate.key.${KEY}']),
        both: await connect(silent, ['chat', 'tollgate.key', 'tollgate.key.${KEY}']),
        alone: await connect(silent, ['tollgate.key.${KEY}']),
        wrong: await connect(selecting, ['chat', 'tollgate.key.wk_wrong']),
      }
    `)
    expect(seen).toEqual({
      selected: { protocol: 'chat', said: { offered: ['chat'], account: 'acme' } },
      bare: { protocol: 'tollgate.key', said: { offered: [], account: 'acme' } },
      both: { protocol: 'tollgate.key', said: { offered: ['chat'], account: 'acme' } },
      alone: 'failed',
      wrong: 'failed',
    })
  })
})
