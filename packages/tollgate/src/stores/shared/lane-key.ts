/** By what a batch finds its lane: its account. Any lane is right for any batch, but those of one account wait for each other in one, and not for locks. */
import { formatSubject } from '../../engine/subject.ts'
import type { Command } from '../store.ts'

/** Calls whose lane is remembered: what settles one names no account. */
const CALLS_MAX = 20_000

/** From 0; the number of lanes itself stands for the one beside them, of what is about no account: documents, heartbeats, sweeps. */
export type LaneOf = (commands: readonly Command[]) => number

export function createLaneOf(lanes: number): LaneOf {
  const ofCalls = new Map<string, number>()

  const laneOf = (text: string): number => hashOf(text) % lanes

  function remember(callId: string, lane: number): number {
    if (ofCalls.size >= CALLS_MAX) for (const oldest of ofCalls.keys()) {
      ofCalls.delete(oldest)
      break
    }
    ofCalls.set(callId, lane)
    return lane
  }

  return ([command]) => {
    switch (command?.kind) {
      case 'admit': {
        const { call, takes } = command
        if (call !== undefined) return remember(call.id, laneOf(accountSubject(call.accountId)))
        return laneOf(takes[0]?.subject ?? '')
      }
      case 'claim':
        return remember(command.call.id, laneOf(accountSubject(command.call.accountId)))
      case 'uncount':
        return laneOf(command.receipts[0]?.subject ?? '')
      case 'grant':
      case 'debit':
        return laneOf(command.subject)
      case 'renew-lease':
      case 'end-lease':
        return laneOf(accountSubject(command.accountId))
      case 'dispatch':
      case 'extend':
      case 'free':
      case 'settle':
      case 'bind-lease':
        return ofCalls.get(command.callId) ?? laneOf(command.callId)
      default:
        return lanes
    }
  }
}

const accountSubject = (id: string): string => formatSubject({ of: 'account', id })

/** FNV-1a over UTF-16, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}
