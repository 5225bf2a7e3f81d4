import { assertTakes } from '../../engine/meters/stage.ts'
import type { CallContext } from '../../engine/calls/call-record.ts'
import { kindOf } from '../../engine/kinds/kinds.ts'
import type { Take } from '../../engine/meters/meter.ts'
import type { Command } from '../store.ts'
import { toJsonText } from './stored-json.ts'

/** Throws for what no store may take, before anything took effect. */
export function assertCommand(command: Command): void {
  switch (command.kind) {
    case 'put':
      toJsonText(command.value, `${command.collection} ${command.id}`)
      return
    case 'delete':
    case 'log':
      return
    case 'admit':
      assertTakes(command.takes)
      if (command.call !== undefined) assertCall(command.call)
      else assertHolder(command.takes)
      if (command.admission !== undefined && command.call === undefined) throw new TypeError(`the admission ${command.admission} is of no call: only a call remembers what it was answered`)
      return
    case 'uncount':
      assertTakes(command.receipts)
      return
    case 'beat':
      assertAmount(command.ttlMs, 1, `ttlMs of ${command.owner}`)
      return
    case 'claim':
      assertCall(command.call)
      assertAmount(command.claim.keptMs, 0, 'keptMs of the claim')
      return
    case 'extend':
      assertAmount(command.holdMs, 1, `holdMs of ${command.callId}`)
      return
    case 'settle':
      if (command.chargeUnits !== undefined) assertAmount(command.chargeUnits, 0, `chargeUnits of ${command.callId}`)
      toJsonText(command.answer ?? null, `the answer of ${command.callId}`)
      if (command.late !== undefined) assertCall(command.late.call)
      assertTakes(command.late?.counts ?? [])
      for (const { units } of command.late?.holds ?? []) assertAmount(units, 1, `units that ${command.callId} held`)
      return
    case 'bind-lease':
    case 'renew-lease':
      if (command.expiresAtMs !== undefined) assertInteger(command.expiresAtMs, `expiresAtMs of ${command.id}`)
      return
    case 'grant':
      assertAmount(command.units, 1, `units of grant ${command.grantId}`)
      assertAmount(command.scale, 0, `scale of grant ${command.grantId}`)
      if (command.expiresAtMs !== undefined) assertInteger(command.expiresAtMs, `expiresAtMs of grant ${command.grantId}`)
      return
    case 'debit':
      assertAmount(command.units, 1, `units of debit ${command.debitId}`)
      assertAmount(command.scale, 0, `scale of debit ${command.debitId}`)
      return
    case 'sweep':
      assertAmount(command.limit, 1, 'limit of the sweep')
      if (command.leasesKeptMs !== undefined) assertAmount(command.leasesKeptMs, 0, 'leasesKeptMs of the sweep')
  }
}

function assertCall({ id, holdMs }: CallContext): void {
  assertAmount(holdMs, 1, `holdMs of ${id}`)
}

/** What is held must have a holder, or nobody would ever give it back. */
function assertHolder(takes: readonly Take[]): void {
  const held = takes.find(({ meter }) => kindOf(meter).isHeld)
  if (held !== undefined) throw new TypeError(`meter ${held.name}: a ${held.meter.kind} is taken for a call, and the command names none`)
}

function assertInteger(value: number, what: string): void {
  if (!Number.isSafeInteger(value)) throw new TypeError(`${what} must be an integer, not ${value}`)
}

function assertAmount(value: number, min: number, what: string): void {
  if (!Number.isSafeInteger(value) || value < min) throw new TypeError(`${what} must be an integer from ${min}, not ${value}`)
}
