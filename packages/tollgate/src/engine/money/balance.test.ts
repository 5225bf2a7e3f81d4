import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addGrant, availableUnits, debitUnits, emptyBalance, endHold, expireGrants, holdUnits, type BalanceState, type HeldPart, type Movement } from './balance.ts'
import { decodeRecord, encodeRecord, pruneRecord, recordDueMs } from '../meters/record-codec.ts'

const NOON = Date.UTC(2026, 2, 10, 12)
const step = fc.oneof(
  fc.record({ kind: fc.constant('grant' as const), units: fc.integer({ min: 1, max: 50 }), forMs: fc.constantFrom(undefined, 1, 10, 100) }),
  fc.record({ kind: fc.constant('hold' as const), units: fc.integer({ min: 1, max: 60 }) }),
  fc.record({ kind: fc.constant('debit' as const), units: fc.integer({ min: 1, max: 20 }) }),
  fc.record({ kind: fc.constant('end' as const), which: fc.nat(5), share: fc.nat(100) }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 5, 50) }),
)

describe('a balance', () => {
  test('available + held = granted − settled − debited − expired after every movement, and what is written is read again', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let state: BalanceState = emptyBalance('credit', 2)
      let nowMs = NOON
      const holds: { readonly units: number; readonly parts: readonly HeldPart[] }[] = []
      const sums = { grant: 0, hold: 0, settle: 0, release: 0, debit: 0, expire: 0 }
      const note = (change: { readonly state: BalanceState; readonly movements: readonly Movement[] }): void => {
        state = change.state
        for (const { kind, units, availableUnits: available, heldUnits } of change.movements) {
          sums[kind] += units
          expect(available + heldUnits).toBe(sums.grant - sums.settle - sums.debit - sums.expire)
          expect([units > 0, available >= 0, heldUnits >= 0]).toEqual([true, true, true])
        }
      }
      for (const [at, each] of steps.entries()) {
        if (each.kind === 'wait') nowMs += each.ms
        else if (each.kind === 'grant') note(addGrant(state, { id: `g${at}`, units: each.units, ...(each.forMs !== undefined && { expiresAtMs: nowMs + each.forMs }) }, nowMs))
        else if (each.kind === 'hold' && availableUnits(state, nowMs) >= each.units) {
          const held = holdUnits(state, each.units, nowMs)
          note(held)
          holds.push({ units: each.units, parts: held.parts })
        } else if (each.kind === 'debit' && availableUnits(state, nowMs) >= each.units) {
          note(debitUnits(state, each.units, `d${at}`, nowMs))
        } else if (each.kind === 'end') {
          const [hold] = holds.splice(each.which % Math.max(1, holds.length), 1)
          if (hold !== undefined) note(endHold(state, hold.parts, Math.floor((hold.units * each.share) / 100), nowMs))
        }
        expect(state.heldUnits).toBe(holds.reduce((sum, { units }) => sum + units, 0))
        expect(decodeRecord(encodeRecord([state]))).toEqual([state])
        expect([state.grantedUnits, state.chargedUnits]).toEqual([sums.grant, sums.settle + sums.debit])
        expect(pruneRecord([state], Number.MAX_SAFE_INTEGER - 1)).toEqual(sums.grant > 0 ? [state] : [])
      }
      note(expireGrants(state, Infinity))
      expect(availableUnits(state, nowMs)).toBe(0)
    }))
  })

  test('falls due when its first grant expires', () => {
    const { state } = addGrant(addGrant(emptyBalance('credit', 2), { id: 'a', units: 1 }, NOON).state, { id: 'b', units: 1, expiresAtMs: NOON + 5 }, NOON)
    expect(recordDueMs([state])).toBe(NOON + 5)
    expect(recordDueMs([expireGrants(state, NOON + 5).state])).toBeUndefined()
  })

  test.each(['["credit","balance"]', '["credit","balance",2,0]', '["credit","balance",2,-1,0,0]', '["credit","balance",2,0,"g",0,0]', '["credit","balance",2,0,"g",0,-1,5,0]', '["credit","balance",2,0,7,5,-1,5,0]', '["credit","balance",2,0,"g",5,-1]', '["credit","balance",2,0,"g",5,-1,5,-1]', '["session","lease"]', '["session","lease",-1]', '["session","lease",1,1]'])(
    'refuses the state %s',
    (text) => expect(decodeRecord(`[1,${text}]`)).toBeUndefined(),
  )
})
