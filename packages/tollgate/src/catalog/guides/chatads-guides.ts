import type { GuidesDeclaration } from '../../contract/declare/declaration.ts'

/** What ChatAds says to readers beside its contract. */
export const chatadsGuides = {
  overview: `All errors follow one structure. In code:

\`\`\`ts
try {
  const response = await client.analyzeMessage({ message: '...' })

  if (!response.success) {
    console.error(\`Error: \${response.error.code}\`)
    console.error(\`Message: \${response.error.message}\`)
    // Handle specific error codes
    if (response.error.code === 'RATE_LIMIT_EXCEEDED') {
      // Implement backoff
    }
  }
} catch (error) {
  console.error('Network error:', error)
}
\`\`\`

The client returns what the API refused, and throws only where no answer came.`,
  authentication: 'Send the API key of your team in the `X-API-Key` header. All keys of a team share its limits.',
  limits: "Days and months are those of UTC. Refused requests of a day that is used up are counted too, so that usage may be more than the limit: 120 of 100. What ends as `INVALID_INPUT`, `CONTENT_BLOCKED` or a server error is not counted.",
  requestIds: 'Every response includes a `request_id` in the `meta` object. Include this ID when contacting support for faster issue resolution.',
} as const satisfies GuidesDeclaration
