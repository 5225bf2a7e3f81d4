/** What has come over a caller since it was let in: for connections that may last for hours, and would outlive a revoked key. */
import { compact } from '../../contract/values/compact.ts'
import { refuse, type Refusal } from '../../contract/declare/refusal.ts'
import type { Directory } from '../../directory/directory.ts'
import type { MoneyEngine } from '../../engine/money-commands.ts'
import { refusedLeaseMeanwhile } from '../steps/lease.ts'
import { refusedAccount, refusedKey } from '../way-in/identify.ts'
import type { Principal } from '../way-in/principal.ts'
import type { CallInProgress } from './call-in-progress.ts'

export interface MeanwhileTools {
  readonly directory: Pick<Directory, 'keyById' | 'account'>
  readonly store: Pick<MoneyEngine, 'lease'>
}

/** A token has opened it, and its end closes nothing; that of its key does. A store that does not answer ends nothing that is open. */
export async function refusedMeanwhile(current: CallInProgress, { directory, store }: MeanwhileTools, nowMs: number): Promise<Refusal | undefined> {
  const { principal } = current.log
  try {
    const refusal = principal && ((await refusedKeyNow(principal, directory, nowMs)) ?? (await refusedAccountNow(principal, directory, nowMs)))
    return refusal ?? (await refusedLeaseMeanwhile(current, store, nowMs))
  } catch {
    return undefined
  }
}

/** Behind the token of another issuer no key is written down. */
async function refusedKeyNow({ key: { id }, token }: Principal, directory: MeanwhileTools['directory'], nowMs: number): Promise<Refusal | undefined> {
  if (token?.issuer !== undefined) return undefined
  const key = await directory.keyById(id)
  return key === undefined ? refuse('credential.revoked', compact({ keyId: id, state: 'revoked' as const })) : refusedKey(key, nowMs)
}

async function refusedAccountNow({ account: { id } }: Principal, directory: MeanwhileTools['directory'], nowMs: number): Promise<Refusal | undefined> {
  const account = await directory.account(id)
  return account === undefined ? refuse('account.disabled') : refusedAccount(account, nowMs)
}
