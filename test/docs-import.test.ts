/** docs/import.md: its commands are run as they stand there. */
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runConsoles } from './docs-console.ts'

it('docs/import.md shows what its commands say (run with UPDATE=1 to write it)', async () => {
  const { shown, told } = await runConsoles(join(import.meta.dirname, '../docs/import.md'))
  expect(told).toEqual(shown)
})
