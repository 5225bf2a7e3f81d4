/** docs/mock.md: its commands are run, its scenarios are loaded, and its lists are made from what there is. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { chatads, nexalayer } from 'tollgate/catalog'
import { createClient } from 'tollgate/client'
import type { Contract } from 'tollgate/contract'
import { createMock, expectationFault, expectationForms, formatReport, gradingRules } from 'tollgate/testing'
import { checkScenario, loadScenario } from '../packages/gateway/src/mock/load-scenario.ts'
import { createJumpingClock } from '../packages/tollgate/src/client/fixtures/scripted-fetch.ts'
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

  it('has scenarios that mocks of ChatAds and NexaLayer play, but for the wrong one', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tollgate-docs-mock-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const scenarios = [...readFileSync(file, 'utf8').matchAll(/```yaml(?: (\w+)(?:\.yaml)?)?\n([\s\S]*?)```/g)].map(([, name = 'unnamed', yaml = '']) => ({ name, yaml }))
    expect(scenarios.length).toBeGreaterThan(3)
    for (const { name, yaml } of scenarios) {
      writeFileSync(join(folder, 'scenario.yaml'), yaml)
      const loaded = loadScenario('scenario.yaml', folder, name === 'nexalayer' ? nexalayer : chatads)
      expect({ name, faults: loaded.ok ? [] : loaded.problems.map(({ path }) => path) }).toEqual({ name, faults: name === 'wrong' ? [['rules', 0, 'answer']] : [] })
    }
  })

  it('has a scenario of tokens, a lost reply and an empty purse, through which a client comes that does right', async () => {
    const yaml = /```yaml nexalayer\n([\s\S]*?)```/.exec(readFileSync(file, 'utf8'))?.[1] ?? ''
    const checked = checkScenario(parse(yaml), nexalayer)
    expect(checked.ok || checked.problems).toBe(true)
    const clock = createJumpingClock()
    const mock = createMock(nexalayer as Contract, checked.ok ? checked.value : {}, { clock })
    const refresh = async () => ((await (await mock.fetch('/oauth/token', { method: 'POST' })).json()) as { readonly access_token: string }).access_token
    const client = createClient({ baseUrl: 'https://api.example.com/v1', contract: nexalayer, fetch: mock.fetch, clock, credentials: { refresh }, idempotencyHeader: 'Idempotency-Key', budget: false })
    const outcomes: unknown[] = []
    for (let call = 0; call < 4; call++) {
      const { ok, error } = await clock.until(client.result('/sessions', { method: 'POST', json: { minutes: call } }))
      outcomes.push(ok || error?.code)
    }
    expect(outcomes).toEqual([true, true, true, 'INSUFFICIENT_BALANCE'])
    expect(formatReport(mock.grade())).toContain('Passed.')
  })

  it('its commands say what the page shows', async () => {
    const { shown, told } = await runConsoles(file)
    expect(shown.length).toBeGreaterThan(5)
    expect(told).toEqual(shown)
  })
})
