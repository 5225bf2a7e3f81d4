/**
 * Names one call to its service: `api:account:call:mac`, each part percent-encoded. Nothing of it is secret but the MAC, without which nobody can
 * name a call that is not theirs; and nothing is kept, so that it holds over restarts and after its call has ended.
 */
import { equalsInConstantTime } from '../../directory/api-key.ts'

export interface NamedCall {
  readonly api: string
  readonly accountId: string
  readonly callId: string
}

export interface CallTokens {
  format(call: NamedCall): string
  /** Undefined when it was not made here. */
  parse(token: string): NamedCall | undefined
}

const TOKEN_CHARS_MAX = 2_048
const SECRET_CHARS_MIN = 32

/** Throws when the secret is short enough to be guessed. */
export function createCallTokens(secret: string, sha256Hex: (text: string) => string): CallTokens {
  if (secret.length < SECRET_CHARS_MIN) throw new RangeError(`calls.secret must have at least ${SECRET_CHARS_MIN} characters, this one has ${secret.length}`)
  // Two rounds with the secret in front, as in HMAC: one alone could be continued by who knows its result.
  const macOf = (text: string): string => sha256Hex(`${secret}:${sha256Hex(`${secret}:${text}`)}`)

  return {
    format({ api, accountId, callId }) {
      const text = [api, accountId, callId].map(encodeURIComponent).join(':')
      return `${text}:${macOf(text)}`
    },
    parse(token) {
      const end = token.lastIndexOf(':')
      if (token.length > TOKEN_CHARS_MAX || end === -1) return undefined
      const text = token.slice(0, end)
      if (!equalsInConstantTime(token.slice(end + 1), macOf(text))) return undefined
      const [api = '', accountId = '', callId = ''] = text.split(':').map(decodeURIComponent)
      return { api, accountId, callId }
    },
  }
}
