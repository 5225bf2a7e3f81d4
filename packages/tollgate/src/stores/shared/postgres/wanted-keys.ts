/** The keys of a footprint, by their kinds: each kind is one statement. */
import type { FootprintKey } from '../../../engine/footprint.ts'

type KeyOf<K extends FootprintKey['of']> = Extract<FootprintKey, { readonly of: K }>

export type WantedKeys = { readonly [K in FootprintKey['of']]: KeyOf<K>[] }

export function sortKeys(keys: readonly FootprintKey[]): WantedKeys {
  const wanted: WantedKeys = { subject: [], call: [], scope: [], lease: [], 'account-lease': [], 'expiring-leases': [], movement: [], slots: [], 'call-slots': [], owner: [], due: [] }
  for (const key of keys) (wanted[key.of] as FootprintKey[]).push(key)
  return wanted
}
