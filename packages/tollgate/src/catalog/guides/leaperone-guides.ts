import type { GuidesDeclaration } from '../../contract/declare/declaration.ts'

/** What LEAPERone says to readers beside its contract. */
export const leaperoneGuides = {
  overview: 'All API errors return a JSON body with an `error` object. Use the HTTP status code and the `error.code` field to determine what went wrong.',
  authentication: 'Send your API key as `Authorization: Bearer sk-…`, or in `X-API-Key`.',
  retries: `Not all errors are retryable: \`429\` and \`500\` are, and 5xx of whoever stands between. For these, use exponential backoff to avoid overwhelming the API: \`min(1000 * 2 ** attempt, 30000)\` milliseconds, that is 1, 2, 4, 8 and 16 seconds and never more than 30, at most 5 retries (\`maxRetries = 5\`).

Always add random jitter to your backoff delay, up to 1000 milliseconds. This prevents many clients from retrying at exactly the same moment.`,
  limits: 'Requests are counted per user and kind of endpoint (chat, image, audio, video), within the last minute; a key may have a lower limit of its own.',
} as const satisfies GuidesDeclaration
