/** An admission of both engines: the counters' part first; what the store then refuses they give back. */
import type { AdmitCommand } from '../../engine/counters.ts'
import type { Reading, StageDecision, Take } from '../../engine/meters/meter.ts'
import { hasSlots, slotProbe, type CommandPlan, type Engines } from './command-plan.ts'

/** Never admits. With it a stage is refused, and only says how its meters stand. */
const never: Take = { subject: 'account:', name: 'never', meter: { kind: 'window', windowMs: 1 }, limit: 0, cost: 1 }

let unnamed = 0

export function planAdmission(command: AdmitCommand, { counters, split }: Engines): CommandPlan {
  const { takes, call, accountId } = command
  const { ofCounters, ofStore, join } = split(takes)
  const begun = call?.begun === true
  // Of a call that has begun the store knows whether it still lives, and marks it as sent.
  const asksStore = ofStore.length > 0 || begun
  const isOfBoth = ofCounters.length > 0 && asksStore && call !== undefined
  unnamed += isOfBoth ? 1 : 0
  const admission = command.admission ?? (isOfBoth ? `unnamed ${unnamed}` : undefined)
  const decisionAt = begun ? 1 : 0

  function ofStoreFor(counted: readonly unknown[]): AdmitCommand | undefined {
    if (!asksStore) return undefined
    const decision = ofCounters.length === 0 ? undefined : (counted[decisionAt] as StageDecision)
    const asked = decision?.admitted === false ? [...ofStore, never] : ofStore
    const lives = begun && hasSlots(counted[0])
    return { ...command, takes: asked, call: call && lives ? { ...call, begun: false } : call }
  }

  async function takeBack(counted: readonly unknown[]): Promise<void> {
    const decision = counted[decisionAt] as StageDecision | undefined
    if (!asksStore || decision?.admitted !== true) return
    // By its name, since whoever was not told what it took can do it, too; what is nobody's call has none.
    const asked =
      isOfBoth && admission !== undefined
        ? counters.takeBack({ takes: ofCounters, callId: call.id, admission, accountId: call.accountId })
        : Promise.resolve(counters.apply([{ kind: 'uncount', receipts: decision.receipts.filter(({ meter }) => meter.counts !== 'attempts'), accountId }]))
    // Otherwise the slots come free at their deadline, and the counts when their time is over.
    await asked.catch(() => undefined)
  }

  return {
    ofCounters: [
      ...(begun ? [slotProbe(call.id)] : []),
      ...(ofCounters.length === 0 ? [] : [{ ...command, takes: ofCounters, admission, call: call && { ...call, begun: false }, dispatch: false }]),
    ],
    mayMissCounters: false,
    ofStore: ofStoreFor,
    takeBack,
    async result(counted, kept) {
      const ofCounter = ofCounters.length === 0 ? undefined : (counted[decisionAt] as StageDecision)
      const ofKept = asksStore ? (kept as StageDecision) : undefined
      if (ofCounter === undefined || ofKept === undefined) return ofCounter ?? ofKept ?? { admitted: true, readings: [], receipts: [] }
      if (ofCounter.admitted && ofKept.admitted) return { admitted: true, readings: join(ofCounter.readings, ofKept.readings), receipts: [...ofCounter.receipts, ...ofKept.receipts] }
      if (!ofCounter.admitted) return toRefusal(join(ofCounter.readings, ofKept.readings.slice(0, ofStore.length)), [ofCounter.retryAtMs, ...ofKept.readings.slice(0, ofStore.length).flatMap(fittingAt)])
      // As they stand without it, read in the same turn in which it is taken back.
      const [, now] = await Promise.all([takeBack(counted), counters.peek(ofCounters, call?.accountId ?? accountId)])
      const readings = now.map(({ retryAtMs: _retryAtMs, ...reading }): Reading => ({ ...reading, admitted: true }))
      return toRefusal(join(readings, ofKept.readings), [ofKept.admitted ? undefined : ofKept.retryAtMs, ...now.flatMap(fittingAt)])
    },
  }
}

/** When it would fit alone, where it does not now. */
function fittingAt({ admitted, retryAtMs }: Reading): readonly (number | undefined)[] {
  return admitted ? [] : [retryAtMs]
}

function toRefusal(readings: readonly Reading[], fitting: readonly (number | undefined)[]): StageDecision {
  const refusedBy = readings.find(({ admitted }) => !admitted)
  if (refusedBy === undefined) throw new Error('a refused stage has a meter that refused')
  const known = fitting.filter((instant) => instant !== undefined)
  return { admitted: false, readings, refusedBy, retryAtMs: known.length === fitting.length ? Math.max(...known) : undefined }
}
