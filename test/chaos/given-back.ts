/** The sweeper goes its round within seconds; on a busy machine it may be late with it. What then is still held is for the judge to say. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Caller } from './caller.ts'
import type { Reply } from './history.ts'
import { accounts, type AccountName } from './shop.ts'

const WAIT_MS = 60_000

export async function untilGivenBack(caller: Caller): Promise<void> {
  const endMs = Date.now() + WAIT_MS
  for (const account of Object.keys(accounts) as AccountName[]) {
    while (holds(await caller.ask(caller.order('look', account))) && Date.now() < endMs) await pause(200)
  }
}

function holds(reply: Reply): boolean {
  if (reply.kind !== 'answer') return true
  const { meters } = JSON.parse(reply.body) as { readonly meters?: { readonly credit: { readonly held: string }; readonly slots: { readonly used: number } } }
  return meters?.credit.held !== '0.00' || meters.slots.used !== 0
}
