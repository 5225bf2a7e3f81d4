/** Asks the admin API, and turns its refusals into one sentence. */
import { compact, parseBoundedJson, valueAt, type ReadError } from 'tollgate/contract'
import type { InputOf, OperationRequest, ReplyOf } from '../operator/operation-call.ts'
import type { OperationName } from '../operator/operations.ts'
import { programVersion } from '../platform/version.ts'
import type { AdminLocation } from './admin-location.ts'
import type { CliIo } from './cli-io.ts'
import { faultOfConnection, startIt, type DownAdvice } from './connection-fault.ts'
import { trustingFetch } from './trusting-fetch.ts'

/** A sentence for its user, unless there is a reply. `not-up-yet`: nothing was sent, so that whatever it is may be asked again. */
export type Called<Reply> =
  | { readonly kind: 'answered'; readonly reply: Reply }
  | { readonly kind: 'not-up-yet'; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string }

export interface AdminClient {
  call<Name extends OperationName>(name: Name, input: InputOf<Name>): Promise<Called<ReplyOf<Name>>>
}

const TIMEOUT_MS = 30_000

export interface AdminClientOptions {
  readonly advice?: DownAdvice | undefined
  /** What its user calls a field: `--max`. */
  readonly nameOf?: (field: string) => string
}

export function createAdminClient({ url, token, trust }: AdminLocation, { fetch }: Pick<CliIo, 'fetch'>, { advice = startIt, nameOf = (field) => field }: AdminClientOptions = {}): AdminClient {
  const failed = (message: string) => ({ kind: 'failed', message }) as const

  async function send({ method, path, body }: OperationRequest): Promise<Called<unknown>> {
    let response: Response
    let text: string
    try {
      const asking = trust === undefined ? fetch : await trustingFetch(trust)
      response = await asking(`${url}${path}`, {
        method,
        headers: compact({ authorization: `Bearer ${token}`, 'content-type': body === undefined ? undefined : 'application/json' }),
        body: body ?? null,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      text = await response.text()
    } catch (error) {
      const { code, message } = faultOfConnection(error, url, advice)
      if (code !== 'ECONNREFUSED') return failed(message)
      // Loaded here: what reads addresses comes with the whole gate.
      const { isLoopback } = await import('../config/read/addresses.ts')
      return { kind: isLoopback(new URL(url).hostname) ? 'not-up-yet' : 'failed', message }
    }
    if (!response.ok) return failed(await refusalText(response, text, url, nameOf))
    const reply = parseBoundedJson(text)
    return reply === undefined ? failed(`what answers at ${url} is not the admin API of a gateway`) : { kind: 'answered', reply }
  }

  /** Of any gateway: its status has always had one. */
  async function versionThere(): Promise<string> {
    const called = await send({ method: 'GET', path: '/v1/status', body: undefined })
    const version = called.kind === 'answered' ? valueAt(called.reply, ['version']) : undefined
    return typeof version === 'string' ? version : 'of an unknown version'
  }

  return {
    async call(name, input) {
      // Loaded here: most of what the operations are made of, a command that asks none of them does not need.
      const { faultOfReply, isReplyTo, operationNamed, toRequest } = await import('../operator/operation-call.ts')
      const called = await send(toRequest(name, input))
      if (called.kind !== 'answered') return called
      const { reply } = called
      const operation = operationNamed(name)
      if (isReplyTo(operation, reply)) return { kind: 'answered', reply }
      const isDone = operation.method === 'GET' ? '' : 'it was done, but '
      const versions = `the gateway is ${await versionThere()}, this command line is ${programVersion()}`
      return failed(`${isDone}the reply to ${name} does not fit: ${faultOfReply(operation, reply)}; ${versions}; use the command line of the gateway's own version`)
    },
  }
}

/** The admin API speaks a contract, so its refusals are read through the same contract. */
async function refusalText(response: Response, body: string, url: string, nameOf: (field: string) => string): Promise<string> {
  // Loaded here: an answer that is none of its refusals needs no contract.
  const { problem } = await import('tollgate/catalog')
  const read: ReadError | undefined = problem.read({ status: response.status, headers: Object.fromEntries(response.headers), body })
  if (read === undefined) return `what answers at ${url} (status ${response.status}) is not the admin API of a gateway`
  if (read.reason === 'credential.missing' || read.reason === 'credential.invalid') {
    return `the admin API at ${url} does not know this token; see TOLLGATE_ADMIN_TOKEN, --token and --config`
  }
  const { issue, field } = read.details
  if (typeof issue !== 'string') return read.message
  return typeof field === 'string' ? `${nameOf(field)}: ${issue}` : issue
}
