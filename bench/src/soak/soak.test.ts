import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { RequestRow } from 'tollgate/journal'
import { describe, expect, it } from 'vitest'
import { growth } from './flatness.ts'
import { provokedBy, unexpected, type Felt, type Provoked } from './judge.ts'
import { parseSoak } from './options.ts'

const row = (change: Partial<RequestRow>, reason?: string): RequestRow =>
  ({ requestId: 'r', atMs: 100_000, durationMs: 1_000, method: 'GET', path: '/x', api: 'a', status: 200, ...change, ...(reason !== undefined && { refusal: { entry: 'e', code: 7, reason, cause: 'why' } }) }) as RequestRow
const recipe = { id: 'one', request: { method: 'POST', path: '/a.b/{{id}}/x?q=1' }, expect: { outcome: 'refusal', code: 7 } }
const asked = provokedBy([{ recipes: [recipe, { ...recipe, id: 'other', request: { method: 'GET', path: '/y' } }], traffic: [{ recipe: 'one' }] }] as never)
const provoked: Provoked = (seen, code) => asked(seen, code)
const fault = (change: Partial<Felt> = {}): Felt => ({ kind: 'a down', api: 'a', explains: /^upstream\./, fromMs: 90_000, untilMs: 100_500, ...change })
const judge = (seen: RequestRow, ...felt: readonly Felt[]): string | undefined => unexpected(seen, provoked, felt)

describe('a row of the log', () => {
  it('is as it should be where it was let in, where a limit was reached, and where the traffic asks for it', () => {
    expect([judge(row({})), judge(row({ status: 429 }, 'rate.limited')), judge(row({ status: 422, method: 'POST', path: '/a.b/17/x' }, 'field.missing'))]).toEqual([undefined, undefined, undefined])
  })

  it('is found where nothing explains it', () => {
    for (const path of ['/aXb/17/x', '/a.b/17/x/y', '/y']) expect(judge(row({ status: 422, method: 'POST', path }, 'field.missing'))).toBe(`a POST ${path} r: 422 e (field.missing; why)`)
    expect(judge(row({ status: 422, path: '/y' }, 'field.missing'))).toContain('field.missing')
    expect(judge(row({ status: 502 }, 'upstream.failed'))).toBe('a GET /x r: 502 e (upstream.failed; why)')
    expect(judge(row({ status: 404 }))).toBe('a GET /x r: 404 without a refusal')
  })

  it('is explained by a fault of its time and its API, and only what such a fault leads to', () => {
    const failed = row({ status: 502 }, 'upstream.failed')
    for (const felt of [fault(), fault({ api: undefined }), fault({ untilMs: 95_001 }), fault({ fromMs: 101_000, untilMs: Infinity })]) expect(judge(failed, felt)).toBeUndefined()
    expect(judge(row({ status: 502, api: 'a-trial' }, 'upstream.failed'), fault())).toBeUndefined()
    expect(judge(row({ status: 502, api: 'another' }, 'upstream.failed'), fault())).toContain('upstream.failed')
    for (const felt of [fault({ api: 'b' }), fault({ untilMs: 94_999 }), fault({ fromMs: 101_001, untilMs: Infinity })]) expect(judge(failed, felt)).toContain('upstream.failed')
    expect(judge(row({ status: 401 }, 'credential.invalid'), fault())).toBe('a GET /x r: 401 e (credential.invalid; why), under a down')
  })
})

it('what grows after the warm-up is seen, and what settles is not', () => {
  const bound = { share: 0.1, plus: 1 }
  expect(growth([1, 40, 60, 80, 90, 95, 98, 99, 100, 100, 100, 100], bound)).toBeUndefined()
  expect(growth([10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120], bound)).toEqual({ from: 80, to: 110 })
  expect(growth([1, 2, 3], bound)).toBeUndefined()
})

it('takes its length, its seed and its rate, and says what is wrong with them', () => {
  expect(parseSoak(['--minutes', '60', '--seed', '7'], 1)).toEqual({ kind: 'run', options: { minutes: 60, seed: 7, rate: 20 } })
  expect(parseSoak(['--minutes', '0'], 1)).toMatchObject({ kind: 'wrong', problem: '--minutes 0: must be a number from 0.5 to 1440' })
  expect(parseSoak(['--hours', '1'], 1)).toMatchObject({ kind: 'wrong' })
})

it('says how it is used', () => {
  const { stdout, status } = spawnSync(process.execPath, [fileURLToPath(new URL('../../dist/soak/main.js', import.meta.url)), '--help'], { encoding: 'utf8' })
  expect([status, stdout]).toEqual([0, expect.stringContaining('npm run soak -- [--minutes N]')])
})
