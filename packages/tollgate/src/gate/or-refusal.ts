import type { Refusal } from '../contract/declare/refusal.ts'

/** What was found, or why the call is refused: `refusal` tells them apart. */
export type OrRefusal<Found> = (Found & { readonly refusal?: undefined }) | { readonly refusal: Refusal }
