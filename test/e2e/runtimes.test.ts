/** The client in every runtime that has a `fetch`: the same calls, the same outcome. Bun and Deno are fetched by `npm run prove`, from the registry. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, normalize } from 'node:path'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { BROWSER_TEST_MS, mayBrowse, openPage } from '../../packages/gateway/src/fixtures/browser.ts'
import { run } from '../packed.ts'
import { isProving } from '../runs.ts'

const root = join(import.meta.dirname, '../..')
const modules = { client: 'client/index.js', streams: 'client/streams/index.js', dialects: 'catalog/dialects.js' }

const expected = {
  json: { fine: true },
  waited: { fine: true },
  waitedEnough: true,
  refused: 'credit.insufficient',
  code: 'insufficient_quota',
  said: 'onetwo',
  cut: 'one',
  cutError: 'network.failed delivered',
  aborted: 'aborted',
  abortedAtOnce: true,
  down: 'network.failed',
}

/** The API of the test, and the files of the client for a browser. */
async function openApi(): Promise<string> {
  let told = 0
  const server = createServer((request, response) => {
    const open = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*', 'access-control-expose-headers': '*' }
    const answer = (status: number, body: string, headers: Record<string, string> = {}) => void response.writeHead(status, { 'content-type': 'application/json', ...open, ...headers }).end(body)
    const { pathname } = new URL(request.url ?? '/', 'http://api.test')
    if (request.method === 'OPTIONS') return answer(204, '')
    if (pathname.startsWith('/dist/')) return answer(200, readFileSync(join(root, 'packages/tollgate', normalize(pathname)), 'utf8'), { 'content-type': 'text/javascript' })
    if (pathname === '/calls.mjs') return answer(200, readFileSync(join(import.meta.dirname, 'runtimes/calls.mjs'), 'utf8'), { 'content-type': 'text/javascript' })
    const slow = '{"error":{"message":"Slow down.","type":"requests","param":null,"code":"rate_limit_exceeded"}}'
    if (pathname === '/slow-down' && told++ === 0) return answer(429, slow, { 'retry-after': '1' })
    if (pathname === '/slow-down-long') return answer(429, slow, { 'retry-after': '30' })
    if (pathname === '/poor') return answer(429, '{"error":{"message":"No money.","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}')
    if (pathname.startsWith('/chat')) {
      response.writeHead(200, { 'content-type': 'text/event-stream', ...open })
      response.write('data: one\n\n')
      return void response.end(pathname === '/chat' ? 'data: two\n\ndata: [DONE]\n\n' : '')
    }
    return answer(200, '{"fine":true}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** For runtimes with files: prints what was seen. */
function writeMain(base: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-runtime-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const url = (path: string) => JSON.stringify(`file://${path}`)
  const imports = Object.entries(modules).map(([name, path]) => `import * as ${name} from ${url(join(root, 'packages/tollgate/dist', path))}`)
  writeFileSync(join(folder, 'main.mjs'), `${imports.join('\n')}\nimport { calls } from ${url(join(import.meta.dirname, 'runtimes/calls.mjs'))}\nconsole.log(JSON.stringify(await calls(${JSON.stringify(base)}, { ${Object.keys(modules).join(', ')} })))\n`)
  return join(folder, 'main.mjs')
}

async function seenBy(command: string, args: readonly string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(command, args, { timeout: 240_000 })
  return JSON.parse(stdout) as unknown
}

it('Node', async () => {
  expect(await seenBy(process.execPath, [writeMain(await openApi())])).toEqual(expected)
})

it.skipIf(!mayBrowse)('a page in a browser', async () => {
  const base = await openApi()
  const page = await openPage()
  const imports = Object.entries(modules).map(([name, path]) => `${name}: await import('${base}/dist/${path}')`)
  expect(await page.run(`const { calls } = await import('${base}/calls.mjs')\nreturn calls('${base}', { ${imports.join(', ')} })`)).toEqual(expected)
}, BROWSER_TEST_MS)

/** Their npm packages hold the programs themselves, in packages for each platform. */
function fetched(name: string, scope: string): string {
  const folder = mkdtempSync(join(tmpdir(), `tollgate-${name}-`))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'package.json'), '{"private":true}')
  run('npm', ['install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', name], folder)
  const found = readdirSync(join(folder, 'node_modules', scope), { recursive: true, encoding: 'utf8' }).find((path) => path.endsWith(`/${name}`))
  if (found === undefined) throw new Error(`the package of ${name} has no program for this platform`)
  return join(folder, 'node_modules', scope, found)
}

it.runIf(isProving)('Bun', async () => {
  expect(await seenBy(fetched('bun', '@oven'), [writeMain(await openApi())])).toEqual(expected)
})

it.runIf(isProving)('Deno', async () => {
  expect(await seenBy(fetched('deno', '@deno'), ['run', '--allow-all', '--no-config', writeMain(await openApi())])).toEqual(expected)
})
