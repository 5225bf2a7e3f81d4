import type { Done, Missed } from 'tollgate/service'

/**
 * Whether the gateway did what it was asked. False: there is nothing left to act on. Rejects when nobody knows, so that the step is repeated: twice has
 * the effect of once.
 */
export async function isDone(asked: Promise<Done | Missed>): Promise<boolean> {
  const said = await asked
  if (said.outcome === 'unreachable') throw new Error(said.detail)
  return said.outcome === 'done'
}
