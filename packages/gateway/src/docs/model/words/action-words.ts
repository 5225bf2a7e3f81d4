/** What a person should do about a refusal, in words, and who that person is. */
import type { Action, ServerReason } from 'tollgate/contract'

/** Who must act: who wrote the call, who administers the account that calls, or who runs the API. */
export type Actor = 'caller' | 'administrator' | 'provider'

export interface ActionWords {
  readonly title: string
  /** One sentence, to whoever acts. */
  readonly words: string
  readonly actor: Actor
  /** In order. What the contract itself says (`remedy`) takes the place of the first. */
  readonly steps: readonly string[]
}

export const actorWords: { readonly [A in Actor]: { readonly title: string; readonly who: string } } = {
  caller: { title: 'The caller', who: 'whoever writes or runs the program that calls' },
  administrator: { title: 'The administrator', who: 'whoever administers the account that calls' },
  provider: { title: 'The provider', who: 'whoever runs the API' },
}

export const actionWords: { readonly [A in Action]: ActionWords } = {
  fix_request: { title: 'Correct the request', words: 'Correct the request, and send it again.', actor: 'caller', steps: ['Correct what the answer names.', 'Do not send the same request again: it gets the same answer.'] },
  authenticate: { title: 'Send a valid credential', words: 'Send a valid key or token.', actor: 'caller', steps: ['Check that the credential is sent, in the right header, and is one that is valid now.'] },
  refresh_credentials: { title: 'Get new credentials', words: 'Get a new token, and repeat the request once.', actor: 'caller', steps: ['Get a new token.', 'Repeat the request once with it. If it is refused again, stop.'] },
  request_access: { title: 'Ask for access', words: 'Have the permission given to the account or the key.', actor: 'administrator', steps: ['Give the key or the account the permission that is missing, or use one that has it.'] },
  pay_or_upgrade: { title: 'Pay or upgrade', words: 'Top up, or choose a larger plan.', actor: 'administrator', steps: ['Top up, or choose a larger plan.', 'Then send the request again. No wait cures it.'] },
  wait: { title: 'Wait', words: 'Wait, and send the request again.', actor: 'caller', steps: ['Wait, and send the same request again.'] },
  wait_for_reset: { title: 'Wait for the reset', words: 'Wait until the period is over, or have the plan changed.', actor: 'caller', steps: ['Stop sending until the reset.', 'If that is too late, have the administrator of the account choose a larger plan.'] },
  free_resource: { title: 'Free what is in use', words: 'End something that is in use, and send the request again.', actor: 'caller', steps: ['End one of those that are in use, then send the request again.'] },
  use_new_idempotency_key: { title: 'Use a new idempotency key', words: 'Send the request under a new idempotency key.', actor: 'caller', steps: ['Send it under a new key.', 'Keep a key through all repeats of one request, and through those alone.'] },
  contact_support: { title: 'Contact support', words: 'Contact support, with the request id of the answer.', actor: 'administrator', steps: ['Contact support.', 'Give the request id of the answer.'] },
}

const OF_PROVIDER = /^(?:upstream|capacity|service)\.|^internal$/

/** Whose part it is: what fails behind the API is its provider's to mend, whatever the caller does meanwhile. */
export function actorOf(reason: ServerReason, action: Action): Actor {
  return OF_PROVIDER.test(reason) ? 'provider' : actionWords[action].actor
}
