/** What must wait for the disk. */
import type { AdmitCommand } from '../../engine/counters.ts'
import type { StateCommand } from '../../engine/decision.ts'
import { isWeighty, type Changes } from '../../engine/state.ts'
import type { Command } from '../store.ts'
import { takesMoney } from './disk-key.ts'
import type { ResidentState } from './resident-state.ts'

/** Known before it is decided: while the disk fails such a command is refused at once. */
export function needsDisk(command: Command, state: ResidentState): boolean {
  switch (command.kind) {
    case 'log':
    case 'uncount':
    case 'claim':
    case 'free':
    case 'beat':
      return false
    case 'admit':
      return command.durable === true || takesMoney(command)
    case 'dispatch':
    case 'extend':
      // A call that took slots alone has no record.
      return state.view.call(command.callId) !== undefined
    case 'settle':
      return state.view.call(command.callId) !== undefined || command.late !== undefined
    default:
      return true
  }
}

/** Whether it begins what must be on disk. What ends something goes on: it was begun in the same file, and its money and places are to come free. */
export function beginsWhatLasts(command: Command, state: ResidentState): boolean {
  switch (command.kind) {
    case 'claim':
      return true
    case 'settle':
    case 'extend':
    case 'end-lease':
    case 'sweep':
      return false
    default:
      return needsDisk(command, state)
  }
}

/** Whether its result may rest on what is not on disk yet: then it is told only when that is. */
export function restsOnUnwritten(command: StateCommand, state: ResidentState): boolean {
  switch (command.kind) {
    case 'claim':
      return state.isScopeUnwritten(command.claim.scope) || state.isCallUnwritten(command.call.id)
    case 'dispatch':
    case 'extend':
      return state.isCallUnwritten(command.callId)
    case 'settle':
      return state.isCallUnwritten(command.callId) || (command.late?.claim !== undefined && state.isScopeUnwritten(command.late.claim.scope))
    case 'bind-lease':
      return state.isCallUnwritten(command.callId) || state.hasUnwritten()
    case 'admit':
      return command.call !== undefined && state.isCallUnwritten(command.call.id) && wasAnswered(command, state)
    case 'uncount':
    case 'free':
    case 'beat':
      return false
    default:
      return state.hasUnwritten()
  }
}

function wasAnswered({ call, admission }: AdmitCommand, state: ResidentState): boolean {
  return call !== undefined && state.view.call(call.id)?.admissions?.some(({ name }) => name === admission) === true
}

/** Whether what it changed must be on disk before it is told. A fresh claim stands for itself: what follows writes it. */
export function mustLast(command: StateCommand, changes: Changes): boolean {
  if (command.kind === 'admit' && command.durable === true) return true
  return isWeighty(changes) && !(command.kind === 'claim' && isFresh(changes))
}

function isFresh({ calls, touched, leases, ledger }: Changes): boolean {
  return calls.size === 1 && touched.length + leases.length + ledger.length === 0
}
