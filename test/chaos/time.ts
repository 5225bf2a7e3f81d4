/** Time as callers and service know it: the machine's, or a simulation's. */
import { setTimeout as pause } from 'node:timers/promises'

export interface Time {
  /** Epoch ms. */
  nowMs(): number
  pause(ms: number): Promise<void>
}

/** So much later than on an idle machine something may be seen on a busy one. */
export const SLACK_MS = 10_000

export const machineTime: Time = { nowMs: () => Date.now(), pause: (ms) => pause(ms) }
