import type { GuidesDeclaration } from '../../contract/declare/declaration.ts'

/** What NexaLayer says to readers beside its contract. */
export const nexalayerGuides = {
  overview: `All error responses share a common shape. Use \`error.code\` for programmatic handling and \`error.message\` for logging.

Next: [Best practices](https://docs.nexalayer.net/best-practices) (idempotency, telemetry, rotation).`,
  authentication: 'Send your API key in `X-API-Key`, or a token as `Authorization: Bearer <JWT>`. A token is got for the key and its secret at `POST /v1/auth/token`.',
  retries: `- **Do not retry:** \`AUTH_INVALID_KEY\`, \`INSUFFICIENT_BALANCE\`, \`INVALID_REQUEST\`, \`SESSION_NOT_FOUND\`: fix input or state.
- **Refresh and retry:** \`AUTH_EXPIRED_TOKEN\`: get new token, then retry.
- **Wait and retry:** \`RATE_LIMIT_EXCEEDED\`: sleep \`Retry-After\`, then retry.
- **Exponential backoff:** \`BACKEND_ERROR\`, \`BACKEND_TIMEOUT\`: retry with 2^attempt delay, in seconds.`,
  limits: 'All responses include the rate limit headers. On 429, `Retry-After` (seconds) is also present: use it before retrying.',
  idempotency: 'Send an `Idempotency-Key` when you create or renew a session, made before the first attempt and the same in each. A backend that timed out may have done the work: without the key a repeat may buy twice.',
} as const satisfies GuidesDeclaration
