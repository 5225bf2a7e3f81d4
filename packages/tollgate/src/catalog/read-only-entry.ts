import type { Action, RetryRule } from '../contract/declaration.ts'
import type { ServerReason } from '../contract/reason.ts'

/** An entry of a dialect that is only read: one line of its table. The message is never sent, so the description stands for it. */
export function says<const Code extends string, const R extends ServerReason>(
  code: Code,
  status: number,
  reason: R,
  retry: RetryRule,
  action: Action,
  description: string,
) {
  return { code, status, reason, retry, action, message: description, description } as const
}
