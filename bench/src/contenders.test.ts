/** One look at each contender, no timing: it does the job that it is measured at. A contender that answers wrongly does not start. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Stage } from './bench-case.ts'
import { builtChildFile } from './child-process.ts'
import { httpCases } from './http/cases.ts'
import { findWrongPassage, findWrongRefusal } from './http/probe.ts'
import type { Serving } from './http/serving.ts'
import { startUpstream } from './http/upstream.ts'
import { workCases } from './work/cases.ts'
import { isProving } from '../../test/runs.ts'

let upstream: Serving
let stage: Stage

beforeAll(async () => {
  upstream = await startUpstream()
  stage = { upstreamPort: upstream.port, profileDir: undefined, childFile: builtChildFile }
})

afterAll(() => upstream.close())

const contenders = [...httpCases, ...workCases].flatMap(({ name, contenders: all }) => all.map((contender) => [name, contender.name, contender] as const))

/** What a machine may lack. */
const foreign = ['nginx', 'HAProxy', 'Caddy']

/** The first of some cases; the others look at themselves when they are measured. */
const some = new Set(['refusal', 'gate'])
const looked = isProving ? contenders : contenders.filter(([of, name], at) => some.has(of) && contenders.findIndex(([, other]) => other === name) === at && contenders.findIndex(([other]) => other === of) === at)

it.each(looked)('%s: %s does its job', async (_case, name, contender) => {
  const started = await contender.start(stage)
  if (typeof started !== 'string') return started.stop()
  expect(foreign).toContain(name)
})

it('an answer that is not the one asked for is found out', async () => {
  expect(await findWrongRefusal(upstream.port)).toContain('status 200, not 401')
  expect(await findWrongPassage(upstream.port)).toEqual(['no rate headers', 'no rate headers', 'request ids are not fresh'])
})

it('every finding is computed from contenders that exist', () => {
  for (const { contenders: all, findings } of [...httpCases, ...workCases]) {
    expect(all.map(({ name }) => name)).toEqual(expect.arrayContaining(findings.flatMap(({ of }) => of)))
  }
})
