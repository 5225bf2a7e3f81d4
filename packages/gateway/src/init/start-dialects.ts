/** The envelopes that a new API can begin with: shapes that many have in common, and two that many clients speak already. */
import { anthropic, aspnet, fastapi, graphql, jsonApi, openai, problem } from 'tollgate/catalog'
import { defineContract, type Contract, type ContractDeclaration, type EntryDeclaration } from 'tollgate/contract'
import { reasonCode } from './reason-code.ts'
import { sentencesWith } from './sentences-with.ts'

export interface StartDialect {
  readonly name: string
  /** Behind the name, for whoever chooses. */
  readonly title: string
  readonly contract: Contract
  /** Whether an API may add codes of its own. Where clients know a closed list of codes, or there are none, it may not. */
  readonly ownCodes: boolean
}

/** An envelope for those who have none yet: everything under `error`, with the request id beside the code. */
const plain = {
  name: 'plain',
  title: 'Plain',
  requestId: { format: 'hex', prefix: 'req_' },
  authenticate: 'Bearer realm="plain"',
  rateLimitHeaders: { limit: 'X-RateLimit-Limit', remaining: 'X-RateLimit-Remaining', reset: 'X-RateLimit-Reset', resetUnit: 'unix' },
  idempotencyKey: 'Idempotency-Key',
  envelope: {
    error: { error: { code: '$code', message: '$message', '...': '$details', request_id: '$requestId' } },
    stream: { event: 'error' },
  },
  entries: Object.fromEntries(Object.entries(problem.declaration.entries).map(([id, { attributes: _type, ...entry }]) => [id, { ...entry, code: reasonCode(entry.reason, 'SCREAMING'), message: sentencesWith((entry as EntryDeclaration).details, entry.message) } satisfies EntryDeclaration])),
} satisfies ContractDeclaration

/** The first is what one gets who says nothing. */
export const startDialects: readonly [StartDialect, ...StartDialect[]] = [
  { name: 'plain', title: '{"error": {"code", "message", …, "request_id"}}', contract: defineContract(plain), ownCodes: true },
  { name: 'problem', title: 'problem details, RFC 9457', contract: problem, ownCodes: true },
  { name: 'openai', title: 'as OpenAI answers, for its SDKs', contract: openai, ownCodes: true },
  { name: 'anthropic', title: 'as Anthropic answers, for its SDKs', contract: anthropic, ownCodes: false },
  { name: 'json-api', title: 'JSON:API 1.1', contract: jsonApi, ownCodes: true },
  { name: 'graphql', title: 'errors of GraphQL', contract: graphql, ownCodes: true },
  { name: 'aspnet', title: 'as ASP.NET Core answers', contract: aspnet, ownCodes: false },
  { name: 'fastapi', title: 'as FastAPI answers', contract: fastapi, ownCodes: false },
]
