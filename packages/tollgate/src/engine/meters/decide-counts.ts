/** What is asked of counters besides admissions: counts given back, slots freed, signs of life. */
import { assertAmount } from '../assert-value.ts'
import type { BeatCommand, FreeCommand, UncountCommand } from '../counters.ts'
import type { Decision } from '../decision.ts'
import { subjectKey } from '../footprint.ts'
import { assertTakes, giveBack } from './stage.ts'

export const uncountDecision: Decision<UncountCommand> = {
  assert: ({ receipts }) => assertTakes(receipts),
  footprint: ({ receipts }) => receipts.map(subjectKey),
  decide(draft, { receipts }) {
    const { readings, changed } = giveBack(draft.record, receipts, draft.nowMs)
    draft.putRecords(changed)
    return { readings }
  },
}

export const freeDecision: Decision<FreeCommand> = {
  assert: () => undefined,
  footprint: ({ callId }) => [{ of: 'call-slots', callId }],
  decide(draft, { callId }) {
    draft.freeSlots(callId)
    return { freed: draft.hasSlots(callId) }
  },
}

export const beatDecision: Decision<BeatCommand> = {
  assert: ({ owner, ttlMs }) => assertAmount(ttlMs, 1, `ttlMs of ${owner}`),
  footprint: ({ owner }) => [{ of: 'owner', owner }],
  decide(draft, { owner, ttlMs }) {
    draft.beat(owner, Math.max(draft.nowMs + ttlMs, draft.view.livesUntilMs(owner) ?? 0))
    return {}
  },
}
