/** The five-minute guide of the README, pasted whole into one shell as it stands there: nothing in it may race. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { freePort } from '../packages/gateway/src/fixtures/free-port.ts'
import { programs } from './joined.ts'
import { isProving } from './runs.ts'

const root = join(import.meta.dirname, '..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const guide = /```sh guide\n([\s\S]*?)```/.exec(readme)?.[1] ?? ''
/** npx takes a second to find what lies in `node_modules`: here it does so once, by `npm run prove` each time. */
const once = isProving ? '' : 'npx() { npx() { "$@"; }; command npx "$@"; }\n'
const end = /`(npx tollgate stop; kill %1)` ends both/.exec(readme)?.[1] ?? ''

it('shows a 200, a 401, a 404 of the service, a 429, and explains the last request; then it is stopped in order', async () => {
  // Inside the repository, so that `npx tollgate` finds the program; a copy, so that no data stays behind. Its ports may be taken on this machine.
  const folder = mkdtempSync(join(root, 'examples/your-api-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))
  const ports = await Promise.all(['9000', '8088', '8089'].map(async (port) => [port, String(await freePort())] as const))
  const onFreePorts = (text: string): string => ports.reduce((changed, [port, free]) => changed.replaceAll(port, free), text)
  for (const file of ['server.mjs', 'contract.yaml', 'tollgate.yaml']) writeFileSync(join(folder, file), onFreePorts(readFileSync(join(root, 'examples/your-api', file), 'utf8')))

  const script = onFreePorts(guide.replace('cd examples/your-api\n', ''))
  expect([script.includes('npx tollgate serve --detach'), end]).toEqual([true, 'npx tollgate stop; kill %1'])
  // Whatever fails in between, nothing of it stays behind.
  const { stdout } = await promisify(execFile)('bash', ['-c', `${once}trap '${end} 2>&-' EXIT\nset -euo pipefail\n${script}\ntrap - EXIT\n${end}`], { cwd: folder, env: { ...process.env, PATH: `${programs}:${process.env['PATH'] ?? ''}` } })
  expect([...stdout.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['200', '401', '404', '200', '429'])
  expect(stdout).toContain('"error":{"code":"unauthorized"')
  // In the service's own words, under a request id of the gateway's.
  expect(stdout).toMatch(/\{"ok":false,"error":\{"code":"not_found","message":"There is no report none\."\},"request_id":"req_/)
  expect(stdout).toMatch(/What the caller was told\n.*quota_used_up/)
  expect(stdout).toMatch(/Stopped\.\n$/)
  expect(readFileSync(join(folder, 'data/tollgate.log'), 'utf8')).toContain('stopped taking requests')
})
