/** An admission of both engines: the counters' part first; what the store then refuses they give back. */
import type { AdmitCommand } from '../../engine/counters.ts'
import type { Reading, StageDecision, Take } from '../../engine/meters/meter.ts'
import type { CountersSaid, Engines, PlanInTurn } from './command-plan.ts'

/** Never admits. With it a stage is refused, and only says how its meters stand. */
const never: Take = { subject: 'account:', name: 'never', meter: { kind: 'window', windowMs: 1 }, limit: 0, cost: 1 }

let unnamed = 0

export function planAdmission(command: AdmitCommand, { counters, split }: Engines): PlanInTurn {
  const { takes, call, accountId } = command
  const { ofCounters, ofStore, join } = split(takes)
  const begun = call?.begun === true
  // Of a call that has begun the store knows whether it still lives, and marks it as sent.
  const asksStore = ofStore.length > 0 || begun
  const isOfBoth = ofCounters.length > 0 && asksStore && call !== undefined
  unnamed += isOfBoth ? 1 : 0
  const admission = command.admission ?? (isOfBoth ? `unnamed ${unnamed}` : undefined)

  function ofStoreFor({ answer, slots }: CountersSaid): AdmitCommand | undefined {
    if (!asksStore) return undefined
    const decision = answer as StageDecision | undefined
    const asked = decision?.admitted === false ? [...ofStore, never] : ofStore
    const lives = begun && slots.kind === 'some'
    return { ...command, takes: asked, call: call && lives ? { ...call, begun: false } : call }
  }

  async function takeBack({ answer }: CountersSaid): Promise<void> {
    const decision = answer as StageDecision | undefined
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
    kind: 'in turn',
    // One that has a record lives by that.
    begun: begun && call.recorded !== true ? call.id : undefined,
    ofCounters: ofCounters.length === 0 ? undefined : { ...command, takes: ofCounters, admission, call: call && { ...call, begun: false }, dispatch: false },
    ofStore: ofStoreFor,
    takeBack,
    async result(counted, kept) {
      const ofCounter = counted.answer as StageDecision | undefined
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
