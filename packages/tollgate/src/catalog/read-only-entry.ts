import type { Rules } from '../contract/declare/entry-rules.ts'
import type { ServerReason } from '../contract/declare/reason.ts'

/** An entry of a dialect that is only read: one line of its table. The message is never sent, so the description stands for it. */
export function says<const Code extends string, const R extends ServerReason>(code: Code, status: number, reason: R, description: string, rules: Partial<Rules> = {}) {
  return { code, status, reason, message: description, description, ...rules } as const
}
