import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { openai, problem } from 'tollgate/catalog'
import { formatProblem } from '../config/read/config-problem.ts'
import { loadScenario } from './load-scenario.ts'
import { scenarioJsonSchema } from './scenario-shape.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-scenario-'))
  return () => rmSync(folder, { recursive: true })
})

const published = new URL('../../../../docs/tollgate-mock.schema.json', import.meta.url)
const isValid = (yaml: string): boolean => new Ajv2020({ strict: false }).compile(scenarioJsonSchema())(parse(yaml)) as boolean

function load(yaml: string, contract = problem as never) {
  writeFileSync(join(folder, 'scenario.yaml'), yaml)
  const loaded = loadScenario('scenario.yaml', folder, contract)
  return loaded.ok ? loaded.value : loaded.problems.map((each) => formatProblem(each).replaceAll(/^\S*scenario\.yaml/g, 'scenario.yaml'))
}

const FULL = `
seed: 7
success: { status: 201, body: { id: thing_1 }, headers: { X-Served-By: mock }, events: [one, { event: done, data: {} }] }
rules:
  - on: POST /v1/*
    each: true
    answer:
      - { entry: rateLimited, times: 3, facts: { retryAfterMs: 2s, limit: 60 } }
      - rateLimited; times=2; retryAfterMs=1s
      - { drop: late }
      - success
  - { chance: 5%, answer: { reason: capacity.overloaded, delay: 250ms } }
  - { chance: 0.01, answer: { pause: 1s } }
  - { on: GET /v1/pages, answer: { raw: { status: 502, body: "<html>Bad Gateway</html>" }, headers: { Via: null }, cut: { after: 5 }, lengthOff: -2 } }
idempotency: { header: Idempotency-Key, required: true, on: POST * }
paid: POST /v1/*
tokens: { on: POST /oauth/token, calls: 3, life: 10m }
patience: 30s
attempts: 5
expect: [waited at least 2 s, same idempotency key]
`

it('a file becomes a script', () => {
  expect(load(FULL)).toEqual({
    seed: 7,
    success: { status: 201, body: { id: 'thing_1' }, headers: { 'X-Served-By': 'mock' }, events: ['one', { event: 'done', data: {} }] },
    rules: [
      {
        on: 'POST /v1/*', each: true,
        answer: [{ entry: 'rateLimited', times: 3, facts: { retryAfterMs: 2_000, limit: 60 } }, { entry: 'rateLimited', times: 2, facts: { retryAfterMs: 1_000 } }, { drop: 'late' }, {}],
      },
      { chance: 0.05, answer: { reason: 'capacity.overloaded', delayMs: 250 } },
      { chance: 0.01, answer: { pauseMs: 1_000 } },
      { on: 'GET /v1/pages', answer: { raw: { status: 502, body: '<html>Bad Gateway</html>' }, headers: { Via: null }, cut: { after: 5, by: 'reset' }, lengthOff: -2 } },
    ],
    idempotency: { header: 'Idempotency-Key', required: true, on: 'POST *' },
    paid: 'POST /v1/*',
    tokens: { on: 'POST /oauth/token', calls: 3, lifeMs: 600_000 },
    patienceMs: 30_000,
    attemptsMax: 5,
    expect: ['waited at least 2 s', 'same idempotency key'],
  })
})

describe('what is wrong is said with place, value and mend', () => {
  it.each([
    ['rule: []', 'scenario.yaml:1:1 rule: there is no setting "rule" here; did you mean "rules"?'],
    ['rules:\n  - answer: { entry: rateLimit }', 'scenario.yaml:2:15 rules[0].answer.entry: "problem" has no entry "rateLimit"; did you mean "rateLimited"?'],
    ['rules:\n  - answer: [rateLimit; times=2]', 'scenario.yaml:2:14 rules[0].answer[0]: "rateLimit" is no entry, code, reason or status of "problem"; did you mean "rateLimited"?'],
    ['rules:\n  - answer: { reason: rate.limit }', 'scenario.yaml:2:15 rules[0].answer.reason: must not be "rate.limit"; did you mean "rate.limited"?'],
    ['rules:\n  - answer: { delay: 5 }', 'scenario.yaml:2:15 rules[0].answer.delay: 5 must be a duration with its unit: 250ms, 60s, 5m, 24h, 30d'],
    ['rules:\n  - { chance: 105%, answer: internal }', 'scenario.yaml:2:7 rules[0].chance: "105%" must be a part of all requests: 5%, or 0.05'],
    ['rules:\n  - { on: things, answer: internal }', 'scenario.yaml:2:7 rules[0].on: "things" must be a method and a path, such as "POST /v1/things", in which * stands for anything'],
    ['rules:\n  - { chance: 60%, answer: internal }\n  - { chance: 60%, answer: overloaded }', 'scenario.yaml:1:1 rules: the chances add up to 1.2; all of them together are at most 1'],
    ['rules:\n  - answer: { entry: internal, midStream: 2 }', 'scenario.yaml:2:32 rules[0].answer.midStream: "problem" has no form for errors in a stream; cut it instead: cut: { after: 2, by: reset }'],
    ['rules:\n  - answer: { drop: later }', 'scenario.yaml:2:15 rules[0].answer.drop: must not be "later"; did you mean "late"?'],
    ['expect: [waits two seconds]', 'scenario.yaml:1:10 expect[0]: "waits two seconds" is no expectation; write one of: waited at least 2 s · '],
    ['rules: [', 'scenario.yaml:1:9: not valid YAML: '],
  ])('%s', (yaml, words) => {
    expect(load(yaml)).toEqual([expect.stringContaining(words)])
  })

  it('all at once, in the order of the file', () => {
    expect(load('seed: -1\nrules:\n  - { answer: { entry: rateLimited, colour: red } }\n')).toEqual([
      'scenario.yaml:1:1 seed: -1 must be a whole number from 0 to 4294967295',
      expect.stringContaining('scenario.yaml:3:37 rules[0].answer.colour: there is no setting "colour" here'),
    ])
  })
})

it('a contract with streams says its refusals in them', () => {
  expect(load('rules: [{ answer: { reason: rate.limited, midStream: 2 } }]', openai as never)).toMatchObject({ rules: [{ answer: { midStream: 2 } }] })
})

describe('the JSON Schema for editors', () => {
  it('is published (run with UPDATE=1 to write it)', () => {
    const text = `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`
    if (process.env['UPDATE'] !== undefined) writeFileSync(published, text)
    expect(readFileSync(published, 'utf8')).toBe(text)
  })

  it('takes what the mock takes, and not what it refuses', () => {
    expect(isValid(FULL)).toBe(true)
    for (const yaml of ['rule: []', 'rules: [{ answer: { delay: 5 } }]', 'rules: [{ chance: 105%, answer: internal }]', 'expect: [waits two seconds]', 'seed: -1', 'rules: [{ answer: { drop: later } }]']) {
      expect({ yaml, valid: isValid(yaml) }).toEqual({ yaml, valid: false })
    }
  })
})

it('takes a status or a code as YAML reads it, as a number', () => {
  expect(load('rules: [{ answer: [429, 503] }]')).toEqual(load('rules: [{ answer: ["429", "503"] }]'))
  expect(load('rules: [{ answer: 499 }]')).toEqual([expect.stringContaining('rules[0].answer: "499" is no entry, code, reason or status of "problem"')])
})

it('a fact that is no time, or that is written wrong, is said', () => {
  expect(load('rules: [{ answer: { entry: rateLimited, facts: { retryAfterMs: soon } } }]')).toEqual(['scenario.yaml:1:50 rules[0].answer.facts.retryAfterMs: "soon" is no time; write for example 7s'])
  expect(load('rules: [{ answer: { entry: rateLimited, facts: { retryAfter: 3 } } }]')).toEqual(['scenario.yaml:1:50 rules[0].answer.facts.retryAfter: rateLimited tells no "retryAfter"; did you mean "retryAfterMs"?'])
  expect(load('rules: [{ answer: rateLimited; tims=2 }]')).toEqual([expect.stringMatching(/"tims" is neither a setting nor a fact of rateLimited; did you mean "times"\?$/)])
})
