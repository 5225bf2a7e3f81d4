/**
 * The public keys of an identity provider (RFC 7517), from its address. They are asked for when the first token comes, anew after ten minutes, and when a
 * token names a key that is not among them, but then at most every half minute: whoever invents key ids does not make us ask.
 *
 * While the provider does not answer, its last keys are good for a day, and it is asked again every few seconds at most. Without any, nobody can tell a good
 * token from a bad one, which is our fault and not the caller's.
 */
import { createLocalJWKSet, createRemoteJWKSet, customFetch, errors, jwksCache, type FetchImplementation, type JWKSCacheInput, type JWTVerifyGetKey } from 'jose'
import type { Clock } from 'tollgate/engine'

/** Thrown to whoever wants to verify a token: the keys are not to be had. */
export class KeysUnavailableError extends Error {}

export interface KeySetSetup {
  readonly clock: Clock
  readonly alert: (message: string) => void
  readonly fetch?: typeof fetch
}

const RENEWED_AFTER_MS = 600_000
const ASKED_AGAIN_AFTER_MS = 30_000
const TIMEOUT_MS = 5_000
/** How long a provider that has failed is left alone. */
const LEFT_ALONE_MS = 5_000
/** How long keys are good when no newer ones are to be had. */
const STALE_MS = 86_400_000
/** Far above any set of keys, far below what would hurt. */
const BYTES_MAX = 1_048_576

export function createRemoteKeySet(url: string, { clock, alert, fetch: ask = fetch }: KeySetSetup): JWTVerifyGetKey {
  const kept: JWKSCacheInput = {}
  let failure: { readonly error: KeysUnavailableError; readonly untilMs: number } | undefined

  const bounded: FetchImplementation = async (address, options) => {
    const answer = await ask(address, options)
    return new Response(await textOf(answer), { status: answer.status })
  }
  const remote = createRemoteJWKSet(new URL(url), {
    timeoutDuration: TIMEOUT_MS,
    cooldownDuration: ASKED_AGAIN_AFTER_MS,
    cacheMaxAge: RENEWED_AFTER_MS,
    [customFetch]: bounded,
    [jwksCache]: kept,
  })

  async function lastKnown(error: KeysUnavailableError, ...token: Parameters<JWTVerifyGetKey>): Promise<Awaited<ReturnType<JWTVerifyGetKey>>> {
    // `uat` is when they came, by the system's clock.
    if (kept.jwks === undefined || Date.now() - (kept.uat ?? 0) > STALE_MS) throw error
    return createLocalJWKSet(kept.jwks)(...token).catch((fault: unknown) => {
      // Perhaps it is among the keys that are not to be had.
      throw isOfToken(fault) ? error : fault
    })
  }

  return async (...token) => {
    if (failure !== undefined && clock.monotonicMs() < failure.untilMs) return lastKnown(failure.error, ...token)
    try {
      const key = await remote(...token)
      failure = undefined
      return key
    } catch (fault) {
      if (isOfToken(fault)) throw fault
      const error = new KeysUnavailableError(`the keys at ${url} cannot be had: ${reasonOf(fault)}`)
      if (failure === undefined) alert(error.message)
      failure = { error, untilMs: clock.monotonicMs() + LEFT_ALONE_MS }
      return lastKnown(error, ...token)
    }
  }
}

/** The set is there, and the token does not go with it. */
function isOfToken(fault: unknown): boolean {
  return fault instanceof errors.JWKSNoMatchingKey || fault instanceof errors.JWKSMultipleMatchingKeys || fault instanceof errors.JOSENotSupported
}

async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  // Left early, the loop cancels the rest.
  for await (const chunk of body ?? []) {
    bytes += chunk.length
    if (bytes > BYTES_MAX) throw new Error(`the answer has more than ${BYTES_MAX} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** `fetch` says only that it failed; what it stumbled over is the cause. */
function reasonOf(fault: unknown): string {
  if (!(fault instanceof Error)) return String(fault)
  return fault.cause instanceof Error ? `${fault.message}: ${fault.cause.message}` : fault.message
}
