import { availableParallelism } from 'node:os'
import { join, sep } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

// `tollgate-source` makes the workspaces resolve to their TypeScript sources, so tests need no build.
const conditions = ['tollgate-source', 'node']

/** Short files that run whole programs take longest; where nothing is known of earlier runs, the shortest would be left for the end. */
class WholeProgramsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- a sequencer, no array
    const sorted = await super.sort(files)
    const isWhole = ({ moduleId }: TestSpecification): boolean => moduleId.startsWith(join(import.meta.dirname, 'test') + sep)
    return [...sorted.filter(isWhole), ...sorted.filter((file) => !isWhole(file))]
  }
}

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    // All in one: what is transformed and imported for one part is there for the others.
    include: ['packages/*/src/**/*.test.ts', 'examples/*/src/**/*.test.ts', 'bench/src/**/*.test.ts', 'test/**/*.test.ts'],
    // A worker imports what its files share once: imports were a quarter of the suite. So a test leaves nothing behind that another one could meet.
    isolate: false,
    sequence: { sequencer: WholeProgramsFirst },
    setupFiles: ['test/properties.ts'],
    globalSetup: 'test/built.ts',
    // For what hangs. How long a test takes says nothing on a machine that is busy with other things, so no test has a bound of its own below these.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Most of the time is waited for sockets and services: two workers for each core.
    maxWorkers: 2 * availableParallelism(),
    expect: { poll: { timeout: 60_000 } },
    reporters: process.env['CI'] ? ['default'] : ['dot'],
  },
})
