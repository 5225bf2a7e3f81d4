export type { RequestRow, UpstreamAttempt } from './request-row.ts'
export type { Journal, LogCommand, RequestQuery } from './journal.ts'
export { matchesRequest, newestFirst, toRequestColumns } from './request-match.ts'
export type { RequestColumns } from './request-match.ts'
