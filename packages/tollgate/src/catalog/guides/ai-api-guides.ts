import type { GuidesDeclaration } from '../../contract/declare/declaration.ts'

const docs = 'https://github.com/Rajwar92/ai-api-docs/blob/main/docs'

/** What the AI-Powered API says to readers beside its contract. */
export const aiApiGuides = {
  overview: `\`200\` is a success, \`201\` one by which something was created. All API errors follow one consistent format; which code it is tells what happened.

Of the errors of one field the most specific code speaks: \`INVALID_FIELD_VALUE\` is for fields that have none of their own.

Elsewhere:

- [Rate Limits](${docs}/getting-started/rate-limits.md): understand usage limits
- [Authentication](${docs}/getting-started/authentication.md): learn about API keys
- [Best Practices](${docs}/guides/best-practices.md): error handling patterns
- [Contact Support](${docs}/support/contact.md): get help with errors`,
  authentication: 'Send your API key as `Authorization: Bearer YOUR_API_KEY`.',
  retries: `Make at most 3 attempts (\`maxRetries = 3\`), with exponential backoff between them: 2^attempt seconds, that is 2 s and then 4 s.

Don't retry on client errors (4xx), other than the rate limits (429): these pass, and \`Retry-After\` says when.`,
  requestIds: 'Every error response includes a unique request ID that can be used for debugging: `meta.request_id`. Include this request ID when contacting support for faster resolution.',
  support: `[Contact Support](${docs}/support/contact.md) and include the request ID.`,
} as const satisfies GuidesDeclaration
