/** docs/client.md, and the client in the README: their scripts are written and run against the mock, and its tables name what there is. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createClient } from 'tollgate/client'
import { expect, it } from 'vitest'
import { runConsoles } from './docs-console.ts'

const file = join(import.meta.dirname, '../docs/client.md')

it('its scripts do what the page shows (run with UPDATE=1 to write it)', async () => {
  const { shown, told } = await runConsoles(file)
  expect(shown).toHaveLength(4)
  expect(told).toEqual(shown)
})

it('those of the page on streams do, too', async () => {
  const { shown, told } = await runConsoles(join(import.meta.dirname, '../docs/streams.md'))
  expect(shown).toHaveLength(3)
  expect(told).toEqual(shown)
})

it('the README shows it at work (run with UPDATE=1 to write it)', async () => {
  const { shown, told } = await runConsoles(join(import.meta.dirname, '../README.md'))
  expect(shown).toHaveLength(2)
  expect(told).toEqual(shown)
})

it('has each option of the client', () => {
  const page = readFileSync(file, 'utf8')
  const [, list = ''] = /there are (.*)$/.exec(messageOf(() => createClient({ baseUrl: 'https://a.test', nothing: 1 } as never))) ?? []
  const missing = list.split(', ').filter((name) => !new RegExp(`\\b${name}\\b`).test(page))
  expect(list).toContain('attempts')
  expect(missing).toEqual([])
})

function messageOf(run: () => unknown): string {
  try {
    run()
    return ''
  } catch (error) {
    return (error as Error).message
  }
}
