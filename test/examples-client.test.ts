/** The scripts of examples/client, each run as it stands against the playground. */
import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createJsonLog } from '@tollgate/gateway'
import { createPlayground, type Playground } from '@tollgate/example-playground'
import { afterAll, beforeAll, expect, it } from 'vitest'

const folder = join(import.meta.dirname, '../examples/client')

const said: { readonly [script: string]: readonly string[] } = {
  'limits.mjs': [
    'busy today: DAILY_QUOTA_EXCEEDED, asked 1 time, not again since "never"; it says when',
    'busy today: DAILY_QUOTA_EXCEEDED, asked 1 time, not again since "never"; it says when',
    'one a minute: fine',
    'one a minute: RATE_LIMIT_EXCEEDED, asked 1 time, not again since "wait_too_long"; it says when',
  ],
  'openai-sdk.mjs': ['chat.completion stop', 'model_not_found: field.invalid, fix_request, asked 1 time', 'BadRequestError 400'],
  'order.mjs': ['a gigabyte: bought, the session is creating', 'fifty addresses: not bought, 20 are there; asked 1 time'],
}

let playground: Playground
beforeAll(async () => {
  playground = await createPlayground({ port: 0, log: createJsonLog(() => {}) })
})
afterAll(() => playground.close())

it('each of them has an expectation', () => {
  expect(readdirSync(folder).filter((name) => name.endsWith('.mjs')).toSorted()).toEqual(Object.keys(said))
})

it.each(Object.entries(said))('%s', async (script, lines) => {
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, script)], { env: { ...process.env, PLAYGROUND: playground.url } })
  expect(stdout.trimEnd().split('\n')).toEqual(lines)
})
