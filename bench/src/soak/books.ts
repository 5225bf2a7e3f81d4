/** Whether the money adds up, and what is still held. */
import { createLedgerCheck, openStates, pagesOf, type CallRecord, type LedgerRow } from 'tollgate/engine'
import type { Store } from 'tollgate/stores'

const PAGE = 500

export async function openCalls(store: Pick<Store, 'calls'>): Promise<readonly CallRecord[]> {
  const all: CallRecord[] = []
  for (const state of openStates) for await (const page of pagesOf<CallRecord>((asked) => store.calls({ state, ...asked }))) all.push(...page)
  return all
}

/** What does not add up, in words. Nothing may be under way. */
export async function auditBooks(store: Pick<Store, 'calls' | 'ledger'>): Promise<readonly string[]> {
  const check = createLedgerCheck()
  for (let after = 0; ; ) {
    const rows: readonly LedgerRow[] = await store.ledger({ after, limit: PAGE })
    for (const row of rows) check.add(row)
    after = rows.at(-1)?.cursor ?? after
    if (rows.length < PAGE) break
  }
  const calls: CallRecord[] = []
  for await (const page of pagesOf<CallRecord>((asked) => store.calls(asked))) calls.push(...page)
  const held = calls.filter(({ ended, holds }) => ended === undefined && holds.some(({ units }) => units > 0))
  return [...check.against(calls).map(({ message }) => message), ...held.map(({ id, state }) => `${id} is ${state} and holds money still`)]
}
