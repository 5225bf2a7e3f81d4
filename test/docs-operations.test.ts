/** docs/operations.md: its commands are run, and its table of the admin API is whole. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { operations } from '../packages/gateway/src/operator/operations.ts'
import { runConsoles } from './docs-console.ts'

const file = join(import.meta.dirname, '../docs/operations.md')

it('its commands say what the page shows (run with UPDATE=1 to write it)', async () => {
  const { shown, told } = await runConsoles(file)
  expect(shown.length).toBeGreaterThan(5)
  expect(told).toEqual(shown)
})

it('names every operation of the admin API', () => {
  const named = [...readFileSync(file, 'utf8').matchAll(/^\| `((?:GET|POST|PUT|PATCH|DELETE) [^`]+)`/gm)].map(([, operation]) => operation)
  expect(named.toSorted()).toEqual(operations.map(({ method, path }) => `${method} ${path}`).toSorted())
})
