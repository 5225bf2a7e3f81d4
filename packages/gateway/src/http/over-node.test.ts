/**
 * The guarantees of the core once more with node:http reading every request, and undici every answer, as `listen.wire: node` has it; by `npm run prove` all that the folder, the proxy and
 * whole programs promise over sockets.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { isProving } from '../../../../test/runs.ts'
import { wireOfTests } from './fixtures/wire-of-tests.ts'

const core = ['http/connection', 'http/drain', 'http/front', 'http/request-fault', 'proxy/half-closed', 'proxy/interim-answers', 'proxy/kept-connections', 'proxy/proxied-call-failures']

const pathOf = (file: string): string => join(import.meta.dirname, '..', `${file}.test.ts`)
const within = (folder: string): readonly string[] => readdirSync(join(import.meta.dirname, '..', folder)).flatMap((file) => (file.endsWith('.test.ts') ? [`${folder}/${file.slice(0, -'.test.ts'.length)}`] : []))
/** Those whose programs are read by the wire of the tests. */
const programs = (): readonly string[] => within('program').filter((file) => readFileSync(pathOf(file), 'utf8').includes('paid-program'))
const files = isProving ? [...within('http'), ...within('proxy'), ...programs()].filter((file) => file !== 'http/over-node') : core

beforeAll(() => {
  wireOfTests.now = 'node'
})
afterAll(() => {
  wireOfTests.now = 'plain'
})

for (const file of files) {
  // Another name for the same file, which may have been read in this worker under its own.
  describe(file, async () => void (await import(/* @vite-ignore */ `${pathOf(file)}?over=node`)))
}
