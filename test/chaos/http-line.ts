/** Callers over sockets. */
import type { Asked, Line } from './caller.ts'
import type { Reply } from './history.ts'

export function createHttpLine(url: string): Line {
  return { nowMs: () => Date.now(), ask: (request, leaveAfterMs) => ask(url, request, leaveAfterMs) }
}

async function ask(url: string, { method, path, headers, body }: Asked, leaveAfterMs: number | undefined): Promise<Reply> {
  try {
    const answer = await fetch(url + path, {
      method,
      headers,
      ...(body !== undefined && { body }),
      ...(leaveAfterMs !== undefined && { signal: AbortSignal.timeout(leaveAfterMs) }),
    })
    const text = await answer.text()
    const about = { type: answer.headers.get('content-type') ?? '', callId: answer.headers.get('x-request-id') ?? '', replayed: answer.headers.get('idempotent-replayed') === 'true' }
    return { kind: 'answer', status: answer.status, body: text, ...about }
  } catch (error) {
    return { kind: 'broken', aborted: error instanceof Error && ['AbortError', 'TimeoutError'].includes(error.name) }
  }
}
