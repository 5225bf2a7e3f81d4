/** Asks the admin API, and turns its refusals into one sentence and an exit code. */
import { problem } from 'tollgate/catalog'
import { parseBoundedJson, type ReadError } from 'tollgate/contract'
import { isLoopback } from '../config/addresses.ts'
import type { AdminLocation } from './admin-location.ts'
import { CliFailure, NotUpYet, type CliIo } from './cli-io.ts'
import { trustingFetch } from './trusting-fetch.ts'

export interface AdminClient {
  /** The parsed JSON body. Fails with a sentence for its user. */
  ask(method: string, path: string, body?: unknown): Promise<unknown>
}

const TIMEOUT_MS = 30_000

export function createAdminClient({ url, token, trust }: AdminLocation, { fetch }: Pick<CliIo, 'fetch'>): AdminClient {
  const isHere = isLoopback(new URL(url).hostname)
  return {
    async ask(method, path, body) {
      let response: Response
      let text: string
      try {
        const asking = trust === undefined ? fetch : await trustingFetch(trust)
        response = await asking(`${url}${path}`, {
          method,
          headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
          ...(body !== undefined && { body: JSON.stringify(body) }),
          signal: AbortSignal.timeout(TIMEOUT_MS),
        })
        text = await response.text()
      } catch (error) {
        const fault = networkFault(error)
        const mistrust = tlsFault(fault, url)
        if (mistrust !== undefined) throw new CliFailure(1, mistrust)
        const failure = new CliFailure(1, `the admin API at ${url} does not answer (${fault})${fault === 'ECONNREFUSED' ? ': it is not up yet, or it does not run' : ''}; start the gateway with "tollgate serve", or say where it is with --admin URL${isCutOff(fault, url) ? '; if it speaks TLS, write https://' : ''}`)
        // Nothing was sent, so that whatever it is may be asked again.
        throw isHere && fault === 'ECONNREFUSED' ? new NotUpYet(failure) : failure
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

/** As a listener that speaks TLS ends who does not. */
function isCutOff(code: string, url: string): boolean {
  return url.startsWith('http:') && (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET')
}

/** What stands in the way of TLS, with its mend; undefined if that is not what failed. */
function tlsFault(code: string, url: string): string | undefined {
  if (/^ERR_TLS_CERT_ALTNAME_INVALID$/.test(code)) return `the certificate of the admin API at ${url} is for another name; ask for it under a name of the certificate: --admin https://NAME:PORT`
  if (code === 'CERT_HAS_EXPIRED') return `the certificate of the admin API at ${url} has expired; renew it, the gateway takes the new one by itself`
  if (/^(?:DEPTH_ZERO_)?SELF_SIGNED_CERT|^UNABLE_TO_(?:VERIFY|GET)|^CERT_/.test(code)) {
    return `the certificate of the admin API at ${url} is not trusted (${code}); name who signed it: --ca FILE or TOLLGATE_ADMIN_CA`
  }
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG') return `what answers at ${url} does not speak TLS; write http:// if it is meant to be plain`
  return undefined
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
