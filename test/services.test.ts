/** The services of examples/services, each in its language, run for real behind the gateway that stands there too; and docs/services.md, which shows them. */
import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import { beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { freePort } from '../packages/gateway/src/fixtures/free-port.ts'
import { programs } from './joined.ts'
import { createServicesWorld, listen, missingFor, startService, type Caller, type Language, type ServicesWorld } from './services-world.ts'

const root = join(import.meta.dirname, '..')
const untouched = { available: 1_000, held: 0 }
const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 60_000, interval: 10 })

// Whoever lacks Python can work on the rest; where everything is checked, its lack is an error.
const runnable = (language: Language): boolean => process.env['CI'] !== undefined || missingFor(language) === undefined

describe.each<Language>((['javascript', 'python', 'shell'] as const).filter(runnable))('the %s service', (language) => {
  let world: ServicesWorld
  let caller: Caller
  beforeAll(async () => {
    world = await createServicesWorld(await startService(language))
    return () => world.close()
  })
  beforeEach(async () => {
    caller = await world.caller()
  })

  async function translate(text: string): Promise<string> {
    const { status, body } = await caller.translate(text)
    expect([status, body]).toEqual([202, { id: expect.any(String), state: 'working' }])
    return body.id ?? ''
  }

  it('charges what the work cost, once it is done', async () => {
    const id = await translate('good morning world')
    await eventually(async () => expect(caller.told.at(-1)).toMatch(/^release/))
    expect(await caller.money()).toEqual({ available: 985, held: 0 })
    expect((await caller.show(id)).body).toEqual({ id, state: 'done', translation: 'guten Morgen Welt' })
    const [lease = '', charge, end, ...more] = caller.told.map((line) => line.replaceAll(': ', ':').replaceAll(', ', ','))
    expect(JSON.parse(lease.replace('lease ', ''))).toEqual({ id, expiresAt: expect.stringMatching(/^\d{4}-.*Z$/) })
    expect([charge, end, more]).toEqual(['charge {"amount":"0.15"}', `release {"lease":"${id}"}`, []])
  })

  it('gives everything back when the work fails', async () => {
    const id = await translate('good evening')
    await eventually(async () => expect((await caller.show(id)).body).toEqual({ id, state: 'failed' }))
    expect(await caller.money()).toEqual(untouched)
  })

  it('refuses in the words of the contract, at no cost', async () => {
    const { status, body } = await caller.translate('hello '.repeat(21))
    expect([status, body.error]).toEqual([422, { code: 'too_long', message: '21 words are too many: 20 at most.', words: 21, words_max: 20 }])
    expect([await caller.money(), caller.told]).toEqual([untouched, []])
  })

  it('occupies the account until its work is done, and shows it to nobody else', async () => {
    let goOn = (): void => undefined
    const held = new Promise<undefined>((resolve) => (goOn = () => resolve(undefined)))
    caller.before = (action) => (action === 'charge' ? held : Promise.resolve(undefined))
    const id = await translate('hello world')
    expect((await caller.translate('hello')).body.error).toMatchObject({ code: 'busy' })
    expect((await caller.show(id)).body).toEqual({ id, state: 'working' })
    expect((await (await world.caller()).show(id)).body.error).toMatchObject({ code: 'not_found' })
    expect(await caller.money()).toEqual({ available: 900, held: 100 })
    goOn()
    await eventually(async () => expect((await caller.show(id)).body.state).toBe('done'))
    await eventually(async () => expect((await caller.translate('hello')).status).toBe(202))
  })

  it('tells a gateway again that could not hear', async () => {
    const failures = ['charge', 'lease']
    caller.before = async (action) => {
      const at = failures.indexOf(action)
      return at === -1 ? undefined : (failures.splice(at, 1), 503)
    }
    const id = await translate('hello')
    await eventually(async () => expect((await caller.show(id)).body.state).toBe('done'))
    expect(await caller.money()).toEqual({ available: 995, held: 0 })
    expect(caller.told.map((line) => line.split(' ')[0]).slice(0, 4)).toEqual(['lease', 'lease', 'charge', 'charge'])
  })

  it('gives nothing away that could not be charged', async () => {
    caller.before = async (action) => (action === 'charge' ? 410 : undefined)
    const id = await translate('hello')
    await eventually(async () => expect((await caller.show(id)).body).toEqual({ id, state: 'failed' }))
  })
})

describe('docs/services.md', () => {
  const page = readFileSync(join(root, 'docs/services.md'), 'utf8')
  const shown = new Map([...page.matchAll(/```\w+ (examples\/services\/\S+)\n([\s\S]*?)```/g)].map(([, path = '', code = '']) => [path, code]))
  const files = readdirSync(join(root, 'examples/services'), { withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => `examples/services/${name}`)

  it('shows each file of examples/services as it is, but for the contract', () => {
    expect([...shown.keys()].toSorted()).toEqual(files.filter((path) => !path.endsWith('/contract.yaml')).toSorted())
    for (const [path, code] of shown) expect(code).toBe(readFileSync(join(root, path), 'utf8'))
  })

  it.runIf(runnable('python'))('shows commands by which a translation is sold', async () => {
    // Inside the repository, so that `npx tollgate` finds the program; a copy, so that no data stays behind, on free ports.
    const folder = mkdtempSync(join(root, 'examples/services-'))
    cpSync(join(root, 'examples/services'), folder, { recursive: true })
    const ports = new Map(await Promise.all(['9201', '9091', '8089', '8088'].map(async (port) => [port, String(await freePort())] as const)))
    const onFreePorts = (text: string): string => [...ports].reduce((changed, [port, free]) => changed.replaceAll(port, free), text)
    writeFileSync(join(folder, 'tollgate.yaml'), onFreePorts(readFileSync(join(folder, 'tollgate.yaml'), 'utf8')))

    const commands = onFreePorts((/```sh try\n([\s\S]*?)```/.exec(page)?.[1] ?? '').replace('cd examples/services\n', ''))
    const end = 'npx tollgate stop; kill %1'
    onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
    // Pasted whole, as it stands there; that npx finds the program is the guide's to say.
    const script = `npx() { "$@"; }\ntrap '${end} 2>&-' EXIT\nset -euo pipefail\n${commands}\ntrap - EXIT\n${end}`
    const { stdout } = await promisify(execFile)('bash', ['-c', script], { cwd: folder, env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', PATH: `${programs}:${process.env['PATH'] ?? ''}` } })
    expect(stdout).toMatch(/HTTP\/1\.1 202 [\s\S]*"working"[\s\S]* release +0\.90 [\s\S]* settle +0\.10 [\s\S]* hold +1\.00 /)
  })

  it('shows refusals that cost what it says', async () => {
    const fence = (name: string, language: string): string => page.split(`\`\`\`${language} ${name}\n`)[1]?.split('```')[0] ?? ''
    const [{ on, steps }] = parse(fence('chargeOn', 'yaml')) as [{ on: string; steps: [{ take: [{ chargeOn?: unknown }] }] }]
    const priceAlone = structuredClone(steps)
    delete priceAlone[0].take[0].chargeOn
    const answers = new Map([['/v1/searches/', fence('chargeOn', 'http')], ['/v1/priced/', fence('price', 'http')]])
    const server = createServer((request, response) => {
      const [head = '', body = ''] = ([...answers].find(([path]) => request.url?.startsWith(path))?.[1] ?? '').split('\n\n')
      const [, ...headers] = head.split('\n')
      response.writeHead(404, headers.flatMap((line) => line.split(': '))).end(body.trim())
    })
    const world = await createServicesWorld({ port: await listen(server), close: async () => void server.close() }, [{ on, steps }, { on: on.replace('searches', 'priced'), steps: priceAlone }])
    const caller = await world.caller()
    for (const path of answers.keys()) expect(await caller.get(`${path}nothing`)).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } })
    expect(`${(await caller.settled()).join('\n')}\n`).toBe(fence('ledger', 'text'))
    expect(await caller.money()).toEqual({ available: 993, held: 0 })
    await world.close()
  })

  it('shows what the call API answers to curl', async () => {
    let callUrl = ''
    const server = createServer((request, response) => {
      callUrl = String(request.headers['tollgate-call'])
      response.writeHead(202, { 'Tollgate-Price': 'later' }).end('{}')
    })
    const world = await createServicesWorld({ port: await listen(server), close: async () => void server.close() })
    const caller = await world.caller()
    await caller.translate('hello')
    const lines = (/```sh call\n([\s\S]*?)```/.exec(page)?.[1] ?? '').trim().split('\n').map((line) => line.split(/\s+# /))
    expect(lines).toHaveLength(6)
    for (const [command = '', answer] of lines) {
      const { stdout } = await promisify(execFile)('bash', ['-c', command], { env: { ...process.env, TOLLGATE_CALL: callUrl } })
      expect([command, stdout]).toEqual([command, answer])
    }
    expect(await caller.money()).toEqual({ available: 975, held: 0 })
    await world.close()
  })
})
