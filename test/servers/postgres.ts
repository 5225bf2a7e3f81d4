export * from '../../examples/servers/src/postgres.ts'
