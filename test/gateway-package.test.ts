/** The program as a stranger gets it: packed, installed by itself into an empty folder far from here, and run. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { install, pack, run, type Packed } from './packed.ts'
import { isProving } from './runs.ts'

let folder: string
let gateway: Packed

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-installed-'))
  gateway = pack('gateway', folder)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('has a README and the licence of both, and neither tests, sources, maps nor what only tests need', () => {
  const { paths } = gateway
  for (const needed of ['README.md', 'LICENSE', 'package.json']) expect(paths).toContain(needed)
  expect(paths.filter((path) => /\.test\.|\/fixtures\/|\.map$|tsbuildinfo|(?:^|\/)src\/.*\.ts$|prepack/.test(path))).toEqual([])
  expect(paths).toContain('node_modules/tollgate/dist/gate/index.js')
  expect(paths).toContain('node_modules/tollgate/LICENSE')
  // Nothing else comes along: the rest is asked of the registry.
  expect(paths.filter((path) => path.startsWith('node_modules/') && !path.startsWith('node_modules/tollgate/'))).toEqual([])
})

it('what `npm create tollgate` runs begins with the same answers as `tollgate init`', () => {
  const place = join(folder, 'created')
  install(place, gateway, pack('create-tollgate', folder))
  const said = run(join(place, 'node_modules/.bin/create-tollgate'), ['my-api', '--yes', '--charge', 'credits'], place)
  expect(said).toContain('Written: contract.yaml, tollgate.yaml, service.mjs, test/refusals.test.mjs')
  // As a stranger has it: found in the node_modules above.
  expect(run(process.execPath, ['--test', '--test-reporter=tap'], join(place, 'my-api'))).toMatch(/# pass 4\n# fail 0/)
})

it('installed by itself it brings the library, helps, checks and serves', async () => {
  const place = join(folder, 'alone')
  install(place, gateway)
  expect(existsSync(join(place, 'node_modules/@tollgate/gateway/node_modules/tollgate/package.json'))).toBe(true)
  const program = join(place, 'node_modules/.bin/tollgate')
  expect(run(program, ['--help'], place)).toContain('Usage: tollgate')
  expect(run(program, ['--version'], place)).toMatch(/^\d+\.\d+\.\d+\n$/)

  const service = createServer((_, response) => response.end('a report')).listen(0, '127.0.0.1')
  await once(service, 'listening')
  // The configuration that its README shows, on free ports.
  const shown = /```yaml\n([\s\S]*?)```/.exec(readFileSync(join(place, 'node_modules/@tollgate/gateway/README.md'), 'utf8'))?.[1] ?? ''
  writeFileSync(join(place, 'tollgate.yaml'), `listen: { port: 0 }\nadmin: { port: 0 }\n${shown.replace('9000', String((service.address() as AddressInfo).port))}`)
  expect(run(program, ['check'], place)).toContain('The configuration is fine.')

  const serving = spawn(program, ['serve'], { cwd: place, stdio: ['ignore', 'pipe', 'ignore'] })
  try {
    const [said] = (await once(createInterface(serving.stdout), 'line')) as [string]
    const [, url = '', admin = ''] = /listens on (\S+), admin API on (\S+)/.exec(said) ?? []
    const beside = (...args: readonly string[]): string => run(program, [...args, '--admin', admin], place)
    beside('accounts', 'create', '--api', 'reports', '--plan', 'free', '--name', 'Acme', '--id', 'acme')
    const { secret } = JSON.parse(beside('keys', 'create', 'acme', '--json')) as { secret: string }
    const answer = await fetch(`${url}/v1/reports/1`, { headers: { authorization: `Bearer ${secret}` } })
    expect([answer.status, await answer.text()]).toEqual([200, 'a report'])
    expect((await fetch(`${url}/v1/reports/1`)).status).toBe(401)
  } finally {
    const ended = once(serving, 'exit')
    serving.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
    service.close()
    service.closeAllConnections()
  }
})

it.runIf(isProving)('installed beside it the library is what a service imports', () => {
  const place = join(folder, 'both')
  install(place, gateway, pack('tollgate', folder))
  const script = `import { callOf } from 'tollgate/service'; import { startGateway } from '@tollgate/gateway'; console.log(typeof callOf, typeof startGateway)`
  expect(run(process.execPath, ['--input-type=module', '-e', script], place)).toBe('function function\n')
})
