import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

// `tollgate-source` makes the workspaces resolve to their TypeScript sources, so tests need no build.
const conditions = ['tollgate-source', 'node', 'import', 'module', 'default']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    // All in one: what is transformed and imported for one part is there for the others.
    include: ['packages/*/src/**/*.test.ts', 'examples/*/src/**/*.test.ts', 'bench/src/**/*.test.ts', 'test/**/*.test.ts'],
    // A worker imports what its files share once: imports were a quarter of the suite. So a test leaves nothing behind that another one could meet.
    isolate: false,
    setupFiles: ['test/properties.ts'],
    globalSetup: 'test/built.ts',
    // For what hangs. How long a test takes says nothing on a machine that is busy with other things, so no test has a bound of its own below these.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Most of the time is waited for sockets and services: two workers for each core.
    maxWorkers: 2 * availableParallelism(),
    expect: { poll: { timeout: 60_000 } },
    reporters: process.env['CI'] ? ['default'] : ['dot'],
  },
})
