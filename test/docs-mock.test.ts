/** docs/mock.md: its commands are run, its scenarios are loaded, and its lists are made from what there is. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { chatads } from 'tollgate/catalog'
import { expectationFault, expectationForms, gradingRules } from 'tollgate/testing'
import { loadScenario } from '../packages/gateway/src/mock/load-scenario.ts'
import { runConsoles } from './docs-console.ts'

const file = join(import.meta.dirname, '../docs/mock.md')

/** A part of the page that is made; with `UPDATE` set it is written. */
function heldAgainst(shown: RegExp, made: string): { readonly shown: string | undefined; readonly made: string } {
  if (process.env['UPDATE'] !== undefined) writeFileSync(file, readFileSync(file, 'utf8').replace(shown, () => made))
  return { shown: shown.exec(readFileSync(file, 'utf8'))?.[0], made }
}

describe('docs/mock.md (run with UPDATE=1 to write it)', () => {
  it('has the rules of the grading', () => {
    const { shown, made } = heldAgainst(/^\| Rule \| .*\n(?:\|.*\n)+/m, `| Rule | A good client |\n|---|---|\n${gradingRules.map(({ name, good }) => `| \`${name}\` | ${good} |\n`).join('')}`)
    expect(shown).toBe(made)
  })

  it('has the sentences of expectations', () => {
    const { shown, made } = heldAgainst(/^`waited at least 2 s`.*\n/m, `${expectationForms.map((form) => `\`${form}\``).join(', ')}.\n`)
    expect(shown).toBe(made)
    expect(expectationForms.filter((form) => expectationFault(form) !== undefined)).toEqual([])
  })

  it('has scenarios that a mock of ChatAds plays, but for the wrong one', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tollgate-docs-mock-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const scenarios = [...readFileSync(file, 'utf8').matchAll(/```yaml(?: (\w+)\.yaml)?\n([\s\S]*?)```/g)].map(([, name = 'unnamed', yaml = '']) => ({ name, yaml }))
    expect(scenarios.length).toBeGreaterThan(3)
    for (const { name, yaml } of scenarios) {
      writeFileSync(join(folder, 'scenario.yaml'), yaml)
      const loaded = loadScenario('scenario.yaml', folder, chatads)
      expect({ name, faults: loaded.ok ? [] : loaded.problems.map(({ path }) => path) }).toEqual({ name, faults: name === 'wrong' ? [['rules', 0, 'answer']] : [] })
    }
  })

  it('its commands say what the page shows', async () => {
    const { shown, told } = await runConsoles(file)
    expect(shown.length).toBeGreaterThan(5)
    expect(told).toEqual(shown)
  })
})
