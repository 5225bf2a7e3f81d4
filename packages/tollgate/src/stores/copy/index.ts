export { copyToPostgres, type CopyOptions, type CopyOutcome, type CopyStep } from './copy-to-postgres.ts'
