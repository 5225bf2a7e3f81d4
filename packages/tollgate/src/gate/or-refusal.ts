import type { Refusal } from '../contract/declare/refusal.ts'

/** What was found, or why the call is refused: `kind` tells them apart. */
export type OrRefusal<Of> = Found<Of> | Refusal

/** What was found, where it might have been refused. */
export type Found<Of> = Of & { readonly kind: 'found' }
