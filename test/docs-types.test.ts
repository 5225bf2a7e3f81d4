/** docs/openapi.md and docs/types.md: their commands are run, and the example of TypeScript is compiled against what they have written. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { chatads } from 'tollgate/catalog'
import type { Contract } from 'tollgate/contract'
import { describeContract, EXAMPLE_NOW_MS } from '../packages/gateway/src/docs/model/describe-contract.ts'
import { writeTypes } from '../packages/gateway/src/types/write-types.ts'
import { runConsoles } from './docs-console.ts'

const root = join(import.meta.dirname, '..')

it.each([['openapi', 8], ['types', 8]] as const)('the commands of docs/%s.md say what the page shows (run with UPDATE=1 to write it)', async (page, count) => {
  const { shown, told } = await runConsoles(join(root, `docs/${page}.md`))
  expect(shown.length).toBeGreaterThanOrEqual(count)
  expect(told).toEqual(shown)
})

it('the example of docs/types.md compiles', () => {
  // Inside the repository, as a reader's own would be.
  const folder = mkdtempSync(join(root, 'test/types-page-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const example = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, 'docs/types.md'), 'utf8'))?.[1] ?? ''
  const types = writeTypes(chatads as unknown as Contract, describeContract(chatads as unknown as Contract, { nowMs: EXAMPLE_NOW_MS }), 'typescript')
  writeFileSync(join(folder, 'api-errors.ts'), types.kind === 'written' ? types.text : '')
  writeFileSync(join(folder, 'example.ts'), example)
  const options = ['--noEmit', '--strict', '--target', 'es2023', '--module', 'nodenext', '--allowImportingTsExtensions', '--types', '', '--ignoreConfig']
  const said = (() => {
    try {
      return execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...options, join(folder, 'example.ts')], { cwd: folder, encoding: 'utf8' })
    } catch (error) {
      return String((error as { readonly stdout?: unknown }).stdout)
    }
  })()
  expect(said).toBe('')
  expect(example).toContain('ChatadsError')
})
