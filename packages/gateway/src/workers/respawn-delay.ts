/** How long a worker's place stays empty. Pure. */

const LEAST_MS = 100
const MOST_MS = 30_000
/** Who has lived for so long did not die of its start. */
const STEADY_MS = 10_000

export interface Deaths {
  /** In a row, none of which lived long. */
  readonly early: number
}

export const noDeaths: Deaths = { early: 0 }

/**
 * At once, nearly, for one that had lived; twice as long each time for one that dies as it starts: a broken machine is not helped by a hundred starts a second.
 * `chance` (0 to 1) spreads those that died together.
 */
export function afterDeath({ early }: Deaths, livedMs: number, chance: number): { readonly deaths: Deaths; readonly delayMs: number } {
  const next = livedMs >= STEADY_MS ? 0 : early + 1
  const delayMs = Math.min(MOST_MS, LEAST_MS * 2 ** Math.max(0, next - 1))
  return { deaths: { early: next }, delayMs: Math.round(delayMs * (0.75 + chance / 2)) }
}
