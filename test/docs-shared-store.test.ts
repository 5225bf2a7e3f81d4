/** docs/shared-store.md: its commands are run against a Postgres of the test's own, and every configuration on it is one. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatProblem, loadConfig, type GatewayConfigInput } from '@tollgate/gateway'
import { afterAll, expect, it, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { makeCertificate } from '../packages/gateway/src/tls/fixtures/certificates.ts'
import { runConsoles } from './docs-console.ts'
import { freshDatabase } from './servers/postgres.ts'

const file = join(import.meta.dirname, '../docs/shared-store.md')
const page = readFileSync(file, 'utf8')
const yaml = [...page.matchAll(/```yaml (\S+)\n([\s\S]*?)```/g)].map(([, name = '', text = '']) => ({ name, text }))
const whole = parse(yaml.find(({ name }) => name === 'tollgate.yaml')?.text ?? '') as GatewayConfigInput
const folder = mkdtempSync(join(tmpdir(), 'tollgate-shared-store-'))
mkdirSync(join(folder, 'tls'))
makeCertificate(join(folder, 'tls'), 'authority')
afterAll(() => rmSync(folder, { recursive: true }))

it('its commands say what the page shows (run with UPDATE=1 to write it)', async () => {
  const url = new URL(await freshDatabase())
  const { host, pathname } = url
  process.env['DATABASE_URL'] = url.href
  onTestFinished(() => void Reflect.deleteProperty(process.env, 'DATABASE_URL'))
  const { shown, told } = await runConsoles(file, { shownAs: [[`${host}${pathname}`, '127.0.0.1:5432/tollgate']] })
  expect(shown.length).toBeGreaterThan(8)
  expect(told).toEqual(shown)
})

it.each(yaml.filter(({ name }) => name !== 'tollgate.yaml'))('$name on it can be loaded', ({ text }) => {
  const environment = { DATABASE_URL: 'postgres://tollgate@127.0.0.1/tollgate', VALKEY_URL: 'redis://127.0.0.1' }
  const loaded = loadConfig({ ...whole, ...(parse(text) as Partial<GatewayConfigInput>) }, { environment, baseDir: folder })
  expect(loaded.ok ? [] : loaded.problems.map(formatProblem)).toEqual([])
})
