/** docs/library.md: its files are written, and its commands are run. */
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runConsoles } from './docs-console.ts'

it('the gate in a server of node:http answers as the page shows (run with UPDATE=1 to write it)', async () => {
  const { shown, told } = await runConsoles(join(import.meta.dirname, '../docs/library.md'))
  expect(shown.length).toBeGreaterThan(10)
  expect(told).toEqual(shown)
})
