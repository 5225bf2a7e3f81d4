/** All steps of a paid call under a key at which a program may die, and what the same key is told then, at once and after the deadline. */
import { isWhole, type Attempt } from './history.ts'
import { codeOf } from './judge-keys.ts'
import type { KindName } from './shop.ts'
import type { Moment } from './workshop.ts'

/** Where a process is to end itself: at the nth of its store's commands of a kind from now on. */
export interface Fault {
  readonly kind: string
  readonly nth?: number
  /** Before it is given to the store; when it is decided and not written; when it is written and nobody has been told. */
  readonly at: 'before' | 'decided' | 'written'
}

/** What the same key is told. `answered`: the answer of a new run, or of the old one. */
export type Told = 'answered' | 'replayed' | 'in progress' | 'unknown'

export interface Crash {
  readonly kind: KindName
  readonly at: Fault | Moment | 'heard'
  readonly atOnce: Told
  /** After the deadline. */
  readonly inTheEnd: Told
  /** The first answer never comes, and the crash meets the second try, which takes the call over. */
  readonly afterHang?: true
  /** Nothing waits for a fresh claim to be written. On a busy machine it may be by then, all the same: then the key is locked until the deadline. */
  readonly claimMayBeWritten?: true
}

const command = (kind: string, at: Fault['at'], nth?: number): Fault => ({ kind, at, ...(nth !== undefined && { nth }) })

export const crashes: readonly Crash[] = [
  // All steps, one by one: what comes after the hold may still refuse, so that the dispatch is a commit of its own. What is written is what the next
  // command meets before it is decided.
  { kind: 'said', at: command('claim', 'decided'), atOnce: 'answered', inTheEnd: 'replayed' },
  { kind: 'said', at: command('claim', 'written'), atOnce: 'answered', inTheEnd: 'replayed' },
  { kind: 'said', at: command('admit', 'decided'), claimMayBeWritten: true, atOnce: 'answered', inTheEnd: 'replayed' },
  { kind: 'said', at: command('admit', 'written'), atOnce: 'in progress', inTheEnd: 'answered' },
  { kind: 'said', at: command('dispatch', 'decided'), atOnce: 'in progress', inTheEnd: 'answered' },
  { kind: 'said', at: command('dispatch', 'written'), atOnce: 'in progress', inTheEnd: 'answered' },
  { kind: 'said', at: 'received', atOnce: 'in progress', inTheEnd: 'answered' },
  { kind: 'said', at: 'worked', atOnce: 'in progress', inTheEnd: 'answered' },
  { kind: 'said', at: 'begun', atOnce: 'in progress', inTheEnd: 'answered' },
  { kind: 'said', at: command('settle', 'before'), atOnce: 'in progress', inTheEnd: 'answered' },
  { kind: 'said', at: command('settle', 'decided'), atOnce: 'in progress', inTheEnd: 'answered' },
  { kind: 'said', at: command('settle', 'written'), atOnce: 'replayed', inTheEnd: 'replayed' },
  { kind: 'said', at: 'heard', atOnce: 'replayed', inTheEnd: 'replayed' },

  // Whatever may have run is charged at the deadline, and not run again; what was never sent is released.
  { kind: 'kept', at: command('admit', 'written'), atOnce: 'in progress', inTheEnd: 'answered' },
  { kind: 'kept', at: command('dispatch', 'decided'), atOnce: 'in progress', inTheEnd: 'answered' },
  { kind: 'kept', at: command('dispatch', 'written'), atOnce: 'in progress', inTheEnd: 'unknown' },
  { kind: 'kept', at: 'received', atOnce: 'in progress', inTheEnd: 'unknown' },
  { kind: 'kept', at: command('settle', 'decided'), atOnce: 'in progress', inTheEnd: 'unknown' },

  // Held and dispatched in one commit; and the service knows the key again: it is asked again for nothing.
  { kind: 'againKept', at: command('admit', 'decided'), claimMayBeWritten: true, atOnce: 'answered', inTheEnd: 'replayed' },
  { kind: 'againKept', at: command('admit', 'written'), atOnce: 'in progress', inTheEnd: 'answered' },
  { kind: 'againKept', at: command('settle', 'decided'), atOnce: 'in progress', inTheEnd: 'answered' },

  // The second try takes over what the first one holds.
  { kind: 'again', afterHang: true, at: command('claim', 'decided', 2), atOnce: 'answered', inTheEnd: 'replayed' },
  { kind: 'again', afterHang: true, at: command('claim', 'written', 2), atOnce: 'in progress', inTheEnd: 'answered' },
  { kind: 'again', afterHang: true, at: command('admit', 'written'), atOnce: 'in progress', inTheEnd: 'answered' },
  { kind: 'again', afterHang: true, at: command('settle', 'decided'), atOnce: 'in progress', inTheEnd: 'answered' },

  // The price comes through the call API. What the service charges before the answer is kept leaves a key without an answer.
  { kind: 'laterKept', at: command('settle', 'decided'), atOnce: 'unknown', inTheEnd: 'unknown' },
  { kind: 'laterKept', at: command('settle', 'written'), atOnce: 'replayed', inTheEnd: 'replayed' },
  { kind: 'laterKept', at: command('settle', 'decided', 2), atOnce: 'replayed', inTheEnd: 'replayed' },
  { kind: 'laterKept', at: command('settle', 'written', 2), atOnce: 'replayed', inTheEnd: 'replayed' },

  // A session is named while its call runs.
  { kind: 'open', at: command('bind-lease', 'decided'), atOnce: 'in progress', inTheEnd: 'answered' },
  { kind: 'open', at: command('bind-lease', 'written'), atOnce: 'in progress', inTheEnd: 'answered' },
]

export const steps: { readonly [name in KindName]?: readonly string[] } = {
  said: ['claim', 'admit', 'dispatch', 'settle'],
  kept: ['claim', 'admit', 'dispatch', 'settle'],
  againKept: ['claim', 'admit', 'settle'],
  laterKept: ['claim', 'admit', 'settle', 'settle'],
  open: ['claim', 'admit', 'bind-lease', 'settle'],
}

export const titled = crashes.map((crash) => ({ ...crash, title: titleOf(crash) }))

function titleOf({ kind, at, afterHang }: Crash): string {
  const step = typeof at === 'string' ? at : `${at.kind} ${at.at}${at.nth === undefined ? '' : ` (${at.nth})`}`
  return `${kind}${afterHang === true ? ' taken over' : ''}, ${step}`
}

export function told(attempt: Attempt | undefined): Told | string {
  if (attempt === undefined || attempt.reply.kind === 'broken') return 'nothing'
  if (isWhole(attempt.reply)) return attempt.reply.replayed ? 'replayed' : 'answered'
  const code = codeOf(attempt)
  return code === 'idempotency.in_progress' ? 'in progress' : code === 'upstream.timeout' ? 'unknown' : JSON.stringify(attempt.reply)
}
