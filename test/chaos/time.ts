/** Time as callers and service know it: the machine's, or a simulation's. */
import { setTimeout as pause } from 'node:timers/promises'

export interface Time {
  /** Epoch ms. */
  nowMs(): number
  pause(ms: number): Promise<void>
}

export const machineTime: Time = { nowMs: () => Date.now(), pause: (ms) => pause(ms) }
