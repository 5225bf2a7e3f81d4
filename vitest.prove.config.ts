/**
 * The long forms, by `npm run prove`: properties over thousands of examples, crashes by the thousand in simulation and by the hundred in earnest, and what
 * takes minutes in real time; commands of the docs as processes of their own, packages installed by npm. It runs the files that ask `test/runs.ts` how much is to be
 * tried (by themselves, or by what types commands and packs for them), and those that hold a property; at the end it says what was proved.
 *
 *     PROVE_ROUNDS=50 npm run prove       fewer crashes
 *     PROVE_SEED=123 npm run prove        a history again that failed
 *     npm run prove -- test/chaos         a part of it
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Reporter, TestModule } from 'vitest/node'
import { defineConfig } from 'vitest/config'
import base from './vitest.config.ts'
import { PROVE } from './test/runs.ts'

process.env[PROVE] ??= '1'

/** Of one test, on a machine that is busy with other things. */
const BOUND_MS = 1_800_000
const { test: { include: _, ...options } = {}, ...rest } = base

const isLong = (file: string): boolean => /from '(?:fast-check|(?:\.\.?\/)+(?:test\/)?(?:runs|joined|docs-console|typed-shell|packed)\.ts|[^']*\/count-model\.ts)'/.test(readFileSync(join(import.meta.dirname, file), 'utf8'))
const include = ['packages', 'examples', 'bench', 'test']
  .flatMap((folder) => readdirSync(join(import.meta.dirname, folder), { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`))
  .filter((file) => file.endsWith('.test.ts') && !file.includes('node_modules') && isLong(file))

const closing: Reporter = {
  onTestRunEnd(modules: readonly TestModule[], errors, reason) {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const failed = tests.filter((test) => test.result().state === 'failed').length
    const said = failed === 0 && errors.length === 0 && reason === 'passed' ? 'Proved' : `Not proved, ${failed} of them failed`
    process.stdout.write(`\n${said}: ${tests.length} tests of ${modules.length} files in ${Math.round(process.uptime())} s\n`)
  },
}

export default defineConfig({
  ...rest,
  test: { ...options, include, testTimeout: BOUND_MS, hookTimeout: BOUND_MS, reporters: ['default', closing] },
})
