import { answerWith, type Gate } from 'tollgate/gate'
import type { Health } from './health.ts'

/** For a balancer that reaches only the callers' side: the two paths are taken from every API, ask for no key and are in no log. */
export function gateWithHealth(gate: Gate, health: Pick<Health, 'answerTo'>): Gate {
  return {
    ...gate,
    begin(call) {
      const answer = health.answerTo(call.method, call.target.split('?', 1)[0] ?? '')
      return answer === undefined ? gate.begin(call) : answerWith(answer)
    },
  }
}
