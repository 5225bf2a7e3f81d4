import { defineConfig } from 'vitest/config'

// `tollgate-source` makes the workspaces resolve to their TypeScript sources, so tests need no build.
const conditions = ['tollgate-source', 'node', 'import', 'module', 'default']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ['{packages,examples}/*/src/**/*.test.ts', 'test/**/*.test.ts', 'bench/src/**/*.test.ts'],
    testTimeout: 20_000,
    // Most of the time is waited for sockets and services: a worker for each core, not one fewer.
    maxWorkers: '100%',
    // What is waited for comes at once, but not on a machine that is busy with other things.
    expect: { poll: { timeout: 10_000 } },
    reporters: process.env['CI'] ? ['default'] : ['dot'],
  },
})
