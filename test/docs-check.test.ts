/** docs/check.md: its commands are run, its plans are loaded, and its list of rules is made from what there is. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { chatads } from 'tollgate/catalog'
import type { Contract } from 'tollgate/contract'
import { checkRules } from '../packages/gateway/src/check/judge/answer-fault.ts'
import { checkPlanData } from '../packages/gateway/src/check/plan/load-plan.ts'
import { probesOf } from '../packages/gateway/src/check/probes/plan-probes.ts'
import { withStrangers } from '../packages/gateway/src/check/plan/with-strangers.ts'
import { groupOf } from '../packages/gateway/src/check/probe.ts'
import { runConsoles } from './docs-console.ts'

const file = join(import.meta.dirname, '../docs/check.md')

describe('docs/check.md (run with UPDATE=1 to write it)', () => {
  it('has the rules', () => {
    const table = /^\| Rule \| .*\n(?:\|.*\n)+/m
    const made = `| Rule | A good API |\n|---|---|\n${Object.entries(checkRules).map(([name, what]) => `| \`${name}\` | ${what} |\n`).join('')}`
    if (process.env['UPDATE'] !== undefined) writeFileSync(file, readFileSync(file, 'utf8').replace(table, () => made))
    expect(table.exec(readFileSync(file, 'utf8'))?.[0]).toBe(made)
  })

  it('has a plan that says everything, and names each kind of probe that comes of it', () => {
    const page = readFileSync(file, 'utf8')
    const data = parse(/```yaml everything\n([\s\S]*?)```/.exec(page)?.[1] ?? '') as unknown
    const loaded = checkPlanData(data, { contract: chatads as Contract, env: {}, cwd: '.', keys: {}, place: undefined }, '.')
    expect(loaded.ok || loaded.problems).toBe(true)
    const named = new Set([...page.matchAll(/`([a-z-]+)(?:\/[\w/]*)?`/g)].map(([, name]) => name))
    const groups = loaded.ok ? [...new Set(probesOf(chatads as Contract, withStrangers(loaded.value)).map(groupOf))] : []
    expect(groups.length).toBeGreaterThan(15)
    expect(groups.filter((group) => !named.has(group))).toEqual([])
  })

  it('its commands say what the page shows', async () => {
    const { shown, told } = await runConsoles(file)
    expect(shown.length).toBeGreaterThan(5)
    expect(told).toEqual(shown)
  })
})
