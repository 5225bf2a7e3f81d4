/** docs/deploy.md: its commands are run. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createMetrics } from '../packages/gateway/src/metrics/metrics.ts'
import { runConsoles } from './docs-console.ts'

const file = join(import.meta.dirname, '../docs/deploy.md')

it('its commands say what the page shows (run with UPDATE=1 to write it)', async () => {
  const { shown, told } = await runConsoles(file)
  expect(shown.length).toBeGreaterThan(5)
  expect(told).toEqual(shown)
})

it('names every metric there is, with its labels in the rules', async () => {
  const none = () => []
  const metrics = createMetrics({ version: '0', apiOf: async () => '', inFlight: none, certificates: none, engines: none, gateways: () => 1, ready: () => true })
  const known = [...(await metrics.text()).matchAll(/^# TYPE (tollgate_\w+)/gm)].map(([, name]) => name)
  const page = readFileSync(file, 'utf8')
  const named = [...page.matchAll(/^\| (`tollgate_.*?) \|/gm)].flatMap(([, names = '']) => names.replaceAll('`', '').split(', '))
  expect(named.toSorted()).toEqual(known.toSorted())
  const inRules = [...page.matchAll(/(?<![$\w])tollgate_\w+/g)].map(([name]) => name.replace(/_(?:count|sum|bucket)$/, ''))
  expect(inRules.filter((name) => !known.includes(name))).toEqual([])
})
