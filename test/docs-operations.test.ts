/** docs/operations.md: its commands are run, and its table of the admin API is made from the operations. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runConsoles } from './docs-console.ts'
import { operationsTable } from './operations-table.ts'

const file = join(import.meta.dirname, '../docs/operations.md')

it('its commands say what the page shows (run with UPDATE=1 to write it)', async () => {
  const { shown, told } = await runConsoles(file)
  expect(shown.length).toBeGreaterThan(5)
  expect(told).toEqual(shown)
})

it('its table of the admin API is that of the operations, with the commands that ask them (run with UPDATE=1 to write it)', async () => {
  const table = await operationsTable()
  const shown = /^\| Request \| .*\n(?:\|.*\n)+/m
  if (process.env['UPDATE'] !== undefined) writeFileSync(file, readFileSync(file, 'utf8').replace(shown, () => table))
  expect(shown.exec(readFileSync(file, 'utf8'))?.[0]).toBe(table)
})
