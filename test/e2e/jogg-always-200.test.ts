/** The other reading of JoggAI's page, which never states a status: all answers 200, their bodies as they were. Switched by a reload of the configuration. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { joggKeys } from '@tollgate/example-playground'
import { expect, onTestFinished, test } from 'vitest'
import { createWorld, rateOf, scriptOf } from './jogg-world.ts'
import type { Received, World } from './jogg-world.ts'

const examples = fileURLToPath(new URL('../../examples', import.meta.url))
const written = readFileSync(join(examples, 'playground/tollgate.yaml'), 'utf8').replaceAll(' ../', ` ${examples}/`)

/** One refusal of each code. */
const refusals: { readonly [status: number]: (world: World) => Promise<Received> } = {
  400: ({ order }) => order(joggKeys.standard, {}),
  401: ({ order }) => order(joggKeys.unknown, scriptOf(1)),
  402: ({ order }) => order(joggKeys.penniless, scriptOf(1)),
  403: ({ order }) => order(joggKeys.noAccess, scriptOf(1)),
  404: ({ send }) => send(joggKeys.valid, 'GET', '/v2/avatar_video/nothing'),
  405: ({ send }) => send(joggKeys.valid, 'GET', '/v2/endpoint'),
  429: async ({ order }) => {
    await order(joggKeys.slow, {})
    return order(joggKeys.slow, {})
  },
  500: ({ send }) => send(joggKeys.corruptShelf, 'GET', '/v2/voices/custom'),
}

const kept = ['content-type', 'cache-control', 'retry-after', 'www-authenticate', 'allow', 'x-ratelimit-limit', 'x-ratelimit-remaining']

function partsOf({ headers, text }: Received): object {
  return { text, ...Object.fromEntries(kept.map((name) => [name, headers.get(name)])) }
}

test('after a reload every refusal has the status 200, the same bytes and the same headers', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-jogg-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const config = join(folder, 'tollgate.yaml')
  writeFileSync(config, written)
  const world = await createWorld({ config })
  onTestFinished(() => world.close())

  const natural: Received[] = []
  for (const refuse of Object.values(refusals)) natural.push(await refuse(world))
  expect(natural.map(({ status }) => status)).toEqual(Object.keys(refusals).map(Number))

  const switched = written.replace('contract: jogg ', 'contract: { use: jogg, alwaysStatus: 200 } ')
  expect(switched).not.toBe(written)
  writeFileSync(config, switched)
  expect(await world.playground.gateway.reload()).toEqual({ ok: true })

  // A minute later every window is empty again, as it was.
  world.clock.advance(60_000)
  const always: Received[] = []
  for (const refuse of Object.values(refusals)) always.push(await refuse(world))
  expect(new Set(always.map(({ status }) => status))).toEqual(new Set([200]))
  expect(always.map(partsOf)).toEqual(natural.map(partsOf))
  expect(always.map((answer) => rateOf(answer)[2])).toEqual(natural.map((answer) => (rateOf(answer)[2] ?? Number.NaN) + 60))

  // A success is what it always was.
  expect(await world.order(joggKeys.standard, scriptOf(1))).toMatchObject({ status: 200, text: expect.stringMatching(/^\{"code":0,"msg":"Success",/) })
})
