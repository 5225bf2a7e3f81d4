import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

// `tollgate-source` makes the workspaces resolve to their TypeScript sources, so tests need no build.
const conditions = ['tollgate-source', 'node', 'import', 'module', 'default']

/** `npx vitest --project library` runs one of them. */
const project = (name: string, include: readonly string[]) => ({ extends: true as const, test: { name, include: [...include] } })

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    projects: [
      project('library', ['packages/tollgate/src/**/*.test.ts']),
      project('program', ['packages/gateway/src/**/*.test.ts']),
      project('examples', ['examples/*/src/**/*.test.ts', 'bench/src/**/*.test.ts']),
      project('whole', ['test/**/*.test.ts']),
    ],
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
