/** The first account with four meters and a balance; its record is that of all others, too. */
import { applyOne, type Store } from 'tollgate/stores'
import { accountId } from '../../size/fill.ts'
import { createTaking } from '../../work/meters.ts'

/** Gives its subject. */
export async function beginAccount(store: Store): Promise<string> {
  const subject = `account:${accountId(0)}`
  await applyOne(store, { kind: 'grant', subject, name: 'credit', scale: 2, grantId: 'g', units: 1_000_000_000, reason: 'bench' })
  await applyOne(store, { kind: 'admit', takes: createTaking()(subject), durable: true })
  return subject
}
