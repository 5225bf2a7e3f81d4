export * from '../../examples/servers/src/postgres-binaries.ts'
