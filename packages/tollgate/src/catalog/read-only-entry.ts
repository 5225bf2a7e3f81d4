import type { EntryDeclaration } from '../contract/declare/declaration.ts'
import type { ServerReason } from '../contract/declare/reason.ts'

type Further = Omit<EntryDeclaration, 'code' | 'status' | 'reason' | 'description' | 'message'> & { readonly message?: string }

/** An entry of a dialect that is only read: one line of its table. The message is sent by a mock at most, so the description stands for it. */
export function says<const Code extends string | number, const R extends ServerReason, const F extends Further = object>(code: Code, status: number, reason: R, description: string, further?: F) {
  return { code, status, reason, message: description, description, ...(further as F) } as const
}
