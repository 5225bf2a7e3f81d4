/** Lets pass only who names a lease of their own that may still be used. A foreign one is as unknown as one that never was. */
import type { Lease } from '../../engine/calls/lease-record.ts'
import { compact } from '../../contract/values/compact.ts'
import { refuse, type Refusal } from '../../contract/declare/refusal.ts'
import type { CallInProgress } from '../call/call-in-progress.ts'
import type { MoneyEngine } from '../../engine/money-commands.ts'
import { shownLeaseState } from './shown-lease-state.ts'
import type { LeaseOptions } from './step-options.ts'
import { refusedByStore } from './store-failure.ts'
import type { Step, StepTools } from './step.ts'

export const lease: Step<'lease'> = {
  key: 'lease',
  plan: () => ({}),
  hasAfterlife: () => true,
  prepare: (options) => (current, tools) => findLease(current, options, tools),
}

async function findLease(current: CallInProgress, options: LeaseOptions, { store, clock, alert }: StepTools): Promise<Refusal | undefined> {
  const id = current.matched?.params[options.param] ?? ''
  try {
    return refusedLease(current, options, id, await store.lease(current.api.name, id), clock.wallMs())
  } catch (error) {
    return refusedByStore(error, alert, current.log.requestId)
  }
}

/** The same later on, for what has no end of its own: whether a lease that let the call in has ended since. */
export async function refusedLeaseMeanwhile(current: CallInProgress, store: Pick<MoneyEngine, 'lease'>, nowMs: number): Promise<Refusal | undefined> {
  const { api, lease: entered, matched } = current
  const options = matched?.route.steps.find((each) => each.kind === 'lease')
  return entered === undefined || options === undefined ? undefined : refusedLease(current, options, entered.id, await store.lease(api.name, entered.id), nowMs)
}

function refusedLease(current: CallInProgress, { allow = ['active'] }: LeaseOptions, id: string, found: Lease | undefined, nowMs: number): Refusal | undefined {
  if (found === undefined || found.accountId !== current.log.principal?.account.id) {
    return refuse('session.not_found', { resource: 'session', id, issue: 'there is no such session' }, { source: 'client' })
  }
  const state = shownLeaseState(found, nowMs)
  current.lease = found
  if (state !== 'expired' && allow.includes(state)) return undefined
  const expiredAtMs = state === 'expired' ? (found.expiresAtMs ?? found.endedAtMs) : undefined
  return refuse('session.expired', compact({ resource: 'session', id, state, expiredAtMs }), { source: 'client' })
}
