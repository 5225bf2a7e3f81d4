/** docs/deploy.md: its commands are run. */
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runConsoles } from './docs-console.ts'

const file = join(import.meta.dirname, '../docs/deploy.md')

it('its commands say what the page shows (run with UPDATE=1 to write it)', { timeout: 120_000 }, async () => {
  const { shown, told } = await runConsoles(file)
  expect(shown.length).toBeGreaterThan(5)
  expect(told).toEqual(shown)
})
