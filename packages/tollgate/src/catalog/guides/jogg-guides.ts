import type { GuidesDeclaration } from '../../contract/declare/declaration.ts'

/** What JoggAI says to readers beside its contract. */
export const joggGuides = {
  overview: `Always verify the \`code\` field before you process \`data\`: \`code: 0\` is a success (\`Success\`: request completed successfully), \`code > 0\` an error. The HTTP status says the same again, for proxies and the like; a client need not look at it.

Implement proper error handling for all error codes.`,
  authentication: 'Send your API key in the `x-api-key` header of each request.',
  retries: 'Implement retry for system errors (`50000`) and rate limits (`429`), and for nothing else.',
  limits: 'Each API key may send 20 POST requests a minute: 20 within any 60 seconds. GET requests are not limited; use them for checking status. Where `X-RateLimit-Remaining` comes near 0, slow down.',
  support: `Contact [support@jogg.ai](mailto:support@jogg.ai) with:

- error code and message
- request parameters
- timestamp
- API endpoint

Include your user ID (not your API key) when contacting support. Log errors: record error details with timestamps for debugging.`,
} as const satisfies GuidesDeclaration
