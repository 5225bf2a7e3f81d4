import { defineConfig } from 'vitest/config'

// `tollgate-source` makes the workspaces resolve to their TypeScript sources, so tests need no build.
const conditions = ['tollgate-source', 'node', 'import', 'module', 'default']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['{packages,examples}/*/src/**/*.test.ts', 'test/**/*.test.ts', 'bench/src/**/*.test.ts'],
    globalSetup: 'test/built.ts',
    // For what hangs. How long a test takes says nothing on a machine that is busy with other things, so no test has a bound of its own below these.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Most of the time is waited for sockets and services: a worker for each core, not one fewer.
    maxWorkers: '100%',
    expect: { poll: { timeout: 60_000 } },
    reporters: process.env['CI'] ? ['default'] : ['dot'],
  },
})
