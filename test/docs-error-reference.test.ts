/** docs/error-reference.md: its commands are run, and those of its workflows are among them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { runConsoles } from './docs-console.ts'

const file = join(import.meta.dirname, '../docs/error-reference.md')

describe('docs/error-reference.md (run with UPDATE=1 to write it)', () => {
  it('says what its commands say', async () => {
    const { shown, told } = await runConsoles(file)
    expect(told.length).toBeGreaterThan(8)
    expect(told).toEqual(shown)
  }, 120_000)

  it('has a workflow and a hook whose commands are those that were run', () => {
    const page = readFileSync(file, 'utf8')
    const typed = new Set([...page.matchAll(/^\$ (tollgate .*?)(?: > .*)?$/gm)].map(([, command = '']) => command))
    const commands = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].flatMap(([, text = '']) => commandsIn(parse(text)))
    expect(commands).toHaveLength(3)
    expect(commands.filter((command) => !typed.has(command) && command !== 'tollgate contract check shop.yaml')).toEqual([])
  })
})

/** Of `run` and `entry`, wherever they stand. */
function commandsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(commandsIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => ((name === 'run' || name === 'entry') && typeof inner === 'string' ? (inner.startsWith('npx ') ? [inner.slice(4)] : []) : commandsIn(inner)))
}
