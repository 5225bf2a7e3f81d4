import { createGate, type Gate, type GateSetup } from 'tollgate/gate'
import type { Outcome } from '../config/read/config-problem.ts'

/** A gate, or why there cannot be one: what the configuration's own checks have missed is still no reason to end a running program. */
export function configuredGate(setup: GateSetup): Outcome<Gate> {
  try {
    return { ok: true, value: createGate(setup) }
  } catch (error) {
    return { ok: false, problems: [{ path: ['apis'], message: error instanceof Error ? error.message : String(error) }] }
  }
}
