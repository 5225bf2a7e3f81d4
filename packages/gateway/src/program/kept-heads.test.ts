/** Once a call is over, nothing keeps its head in memory, in which its key stands: looked for in the heap of the program, as a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it, onTestFinished } from 'vitest'
import type { FileInput } from '../config/shape/file-shape.ts'
import { freePort } from '../fixtures/free-port.ts'
import { createService, paidConfig } from '../fixtures/paid-program.ts'
import type { Wire } from '../http/front.ts'
import { program } from '../../../../test/joined.ts'
import { isProving } from '../../../../test/runs.ts'

const TOKEN = 'a-token-for-this-test-only'

async function serve(config: FileInput, directory: string) {
  const file = join(directory, 'tollgate.json')
  writeFileSync(file, JSON.stringify(config))
  const child = spawn(process.execPath, ['--heapsnapshot-signal=SIGUSR2', program, 'serve', file], { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const said: string[] = []
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line)
    if (!line.startsWith('{')) continue
    const { message, url } = JSON.parse(line) as { readonly message: string; readonly url: string }
    if (message !== 'started') continue
    child.stderr.resume()
    return { child, port: Number(new URL(url).port) }
  }
  throw new Error(`the program did not start: ${said.join('\n')}`)
}

/** All texts of its heap that are no source of a program. */
async function textsOf(child: ChildProcess, directory: string): Promise<readonly string[]> {
  child.kill('SIGUSR2')
  let strings: readonly string[] | undefined
  await expect
    .poll(
      () => {
        const name = readdirSync(directory).find((each) => each.endsWith('.heapsnapshot'))
        const text = name === undefined ? '' : readFileSync(join(directory, name), 'utf8')
        if (!text.trimEnd().endsWith(']}')) return false
        strings = (JSON.parse(text) as { readonly strings: readonly string[] }).strings
        return true
      },
      { timeout: 240_000, interval: 500 },
    )
    .toBe(true)
  return strings ?? []
}

/** Each by a request of its own on one connection that stays open; resolves to their answers. */
function exchange(port: number, requests: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' })
    onTestFinished(() => void socket.destroy())
    let [received, sent] = ['', 0]
    const next = (): void => {
      const request = requests[sent]
      if (request === undefined) return resolve(received)
      sent += 1
      socket.write(request, 'latin1')
    }
    socket.setEncoding('latin1').on('error', reject).on('close', () => reject(new Error(`closed: ${received}`)))
    socket.on('data', (chunk) => {
      received += String(chunk)
      if (received.split('HTTP/1.1 ').length - 1 === sent && isWhole(received.slice(received.lastIndexOf('HTTP/1.1 ')))) next()
    })
    next()
  })
}

function isWhole(answer: string): boolean {
  const end = answer.indexOf('\r\n\r\n')
  const length = /content-length: (\d+)/i.exec(answer)?.[1]
  return end !== -1 && (length === undefined ? answer.endsWith('0\r\n\r\n') : answer.length >= end + 4 + Number(length))
}

const places: readonly { readonly wire: Wire; readonly store: 'memory' | 'sqlite' }[] = [
  { wire: 'plain', store: 'sqlite' },
  { wire: 'node', store: 'memory' },
  ...(isProving ? ([{ wire: 'plain', store: 'memory' }, { wire: 'node', store: 'sqlite' }] as const) : []),
]

it.each(places)('keeps no key of calls that are over: $wire wire, $store', async ({ wire, store }) => {
  const directory = mkdtempSync(join(tmpdir(), 'tollgate-heads-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const service = await createService()
  service.answerBy((_, response) => response.setHeader('X-A-Name-That-Only-This-Service-Says', 'a value of more than a few letters').end('{"ok":true}'))
  const adminPort = await freePort()
  const config = paidConfig(service.port, store === 'memory' ? {} : { file: join(directory, 'tollgate.db') })
  const { child, port } = await serve({ ...config, listen: { port: 0, wire, trust: 1 }, admin: { port: adminPort, token: TOKEN } }, directory)

  const operate = async (on: string, body: unknown): Promise<Record<string, string>> => {
    const answer = await fetch(`http://127.0.0.1:${adminPort}${on}`, { method: 'POST', headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', 'tollgate-by': 'a-test' }, body: JSON.stringify(body) })
    expect(answer.ok, `${on}: ${answer.status}`).toBe(true)
    return (await answer.json()) as Record<string, string>
  }
  await operate('/v1/accounts', { id: 'acme', api: 'nexalayer', name: 'Acme', plan: 'free' })
  const { secret = '' } = await operate('/v1/accounts/acme/keys', {})
  await operate('/v1/accounts/acme/grants', { meter: 'credit', amount: '5.00', reason: 'test' })

  const request = (on: string, key: string, of: string): string =>
    `${on} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Api-Key: ${key}\r\nX-Request-Id: the-own-id-of-a-caller-${of}\r\nX-Forwarded-For: 203.0.113.${100 + of.length}\r\nIdempotency-Key: a-key-for-one-charge-${of}\r\nTraceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n${on.startsWith('POST') ? 'Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}' : '\r\n'}`
  const wrong = `${secret.slice(0, 3)}no_such_key_of_anybody_${secret.slice(3)}`
  const answers = await exchange(port, [
    request('POST /nexalayer/v1/keyed', secret, 'one'),
    request('POST /nexalayer/v1/keyed', secret, 'one'),
    request(`POST /nexalayer/v1/work?as=${secret}`, secret, 'two'),
    request('GET /nexalayer/v1/sessions/a-session-that-is-not-there', secret, 'three'),
    request('GET /nexalayer/v1/a-path-that-is-not-there', secret, 'four'),
    request('GET /nexalayer/v1/balance', secret, 'five'),
    request('GET /nexalayer/v1/balance', wrong, 'six'),
    // What the engine holds of the last match of a pattern is of this one.
    'GET /nexalayer/v1/balance HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Api-Key: \r\n\r\n',
  ])
  expect([...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['200', '200', '200', '404', '404', '200', '401', '401'])

  const texts = await textsOf(child, directory)
  expect(texts.length).toBeGreaterThan(10_000)
  expect(texts.filter((text) => text.includes(secret.slice(3)))).toEqual([])
  // It was what keeps the calls that was looked through.
  expect(store === 'sqlite' || texts.some((text) => text.includes('/nexalayer/v1/a-path-that-is-not-there'))).toBe(true)
})
