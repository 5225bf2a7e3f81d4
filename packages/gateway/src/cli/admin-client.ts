/** Asks the admin API, and turns its refusals into one sentence and an exit code. */
import { problem } from 'tollgate/catalog'
import { parseBoundedJson, type ReadError } from 'tollgate/contract'
import type { AdminLocation } from './admin-location.ts'
import { CliFailure, type CliIo } from './cli-io.ts'

export interface AdminClient {
  /** The parsed JSON body. Fails with a sentence for its user. */
  ask(method: string, path: string, body?: unknown): Promise<unknown>
}

const TIMEOUT_MS = 30_000

export function createAdminClient({ url, token }: AdminLocation, { fetch }: Pick<CliIo, 'fetch'>): AdminClient {
  return {
    async ask(method, path, body) {
      let response: Response
      let text: string
      try {
        response = await fetch(`${url}${path}`, {
          method,
          headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
          ...(body !== undefined && { body: JSON.stringify(body) }),
          signal: AbortSignal.timeout(TIMEOUT_MS),
        })
        text = await response.text()
      } catch (error) {
        throw new CliFailure(1, `the admin API at ${url} does not answer (${networkFault(error)}); start the gateway with "tollgate serve", or say where it is with --admin URL`)
      }
      if (!response.ok) throw refusalOf(response, text, url)
      const reply = parseBoundedJson(text)
      if (reply === undefined) throw new CliFailure(1, `what answers at ${url} is not the admin API of a gateway`)
      return reply
    },
  }
}

function networkFault(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message
  return String(cause)
}

/** The admin API speaks a contract, so its refusals are read through the same contract. */
function refusalOf(response: Response, body: string, url: string): CliFailure {
  const read: ReadError | undefined = problem.read({ status: response.status, headers: Object.fromEntries(response.headers), body })
  if (read === undefined) return new CliFailure(1, `what answers at ${url} (status ${response.status}) is not the admin API of a gateway`)
  if (read.reason === 'credential.missing' || read.reason === 'credential.invalid') {
    return new CliFailure(1, `the admin API at ${url} does not know this token; see TOLLGATE_ADMIN_TOKEN, --token and --config`)
  }
  const { issue, field } = read.details
  if (typeof issue !== 'string') return new CliFailure(1, read.message)
  return new CliFailure(1, typeof field === 'string' ? `${field}: ${issue}` : issue)
}
