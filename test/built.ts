/**
 * Before the first test: what tests run as a process of its own (the program, the packed library, the benchmark's contenders) is plain JavaScript, built
 * once here. With nothing to do it takes a moment, so it also runs before a single test.
 */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { joinProgram } from './joined.ts'

const root = join(import.meta.dirname, '..')

export async function setup(): Promise<void> {
  try {
    execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-b', 'packages/gateway', 'bench'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
    await joinProgram()
  } catch (error) {
    // Who is in the middle of a change wants to run the tests of the rest. `npm run check` is what refuses it.
    const said = error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error)
    process.stderr.write(`Not built, so tests that start the program run what was built before:\n${said}\n`)
  }
}
