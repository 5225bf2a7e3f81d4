/** After all deadlines every key gets its answer from a service that is well again. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Caller } from './caller.ts'
import { plainConduct } from './conduct.ts'
import { untilGivenBack } from './given-back.ts'
import { isWhole, type Attempt, type Order } from './history.ts'
import { codeOf } from './judge-keys.ts'
import type { Service } from './service.ts'
import { ANSWER_MS, HOLD_MS, SWEPT_MS } from './shop.ts'

/** Of one order in the end. */
const TRIES_MAX = 100

export interface End {
  /** By then all must be over. */
  readonly endedAtMs: number
  /** What is shown then of the rich account. */
  readonly meters: unknown
}

/** `isAsked`: of which orders the answer is asked for again, though they have one. Default: of all. */
export async function askToTheEnd(service: Service, caller: Caller, isAsked: (order: Order) => boolean = () => true): Promise<End> {
  service.conductBy(() => plainConduct)
  await service.settled()
  await pause(HOLD_MS)
  const left = caller.orders.filter((order) => order.key !== undefined && (!isAnswered(order) || isAsked(order)))
  const askAll = async (): Promise<void> => {
    for (let order = left.pop(); order !== undefined; order = left.pop()) {
      for (let tries = 0; tries < TRIES_MAX; tries += 1) {
        const againMs = againAfterMs(await askOnce(caller, order))
        if (againMs === undefined) break
        await pause(againMs)
      }
    }
  }
  await Promise.all(Array.from({ length: 8 }, askAll))
  await service.settled()
  await pause(SWEPT_MS)
  await untilGivenBack(caller)
  const endedAtMs = Date.now()
  // One after the other: as many as there are slots, and more.
  for (let calls = 0; calls < 4; calls += 1) {
    const reply = await caller.ask(caller.order('slot', 'rich'))
    if (!isWhole(reply)) throw new Error(`a slot is not free in the end: ${JSON.stringify(reply)}`)
  }
  const reply = await caller.ask(caller.order('look', 'rich'))
  return { endedAtMs, meters: reply.kind === 'answer' ? (JSON.parse(reply.body) as { readonly meters: unknown }).meters : reply }
}

/** What was told last is what holds. */
function isAnswered({ attempts }: Order): boolean {
  const last = attempts.at(-1)
  return last !== undefined && isWhole(last.reply)
}

async function askOnce(caller: Caller, order: Order): Promise<Attempt> {
  await caller.ask(order)
  const last = order.attempts.at(-1)
  if (last === undefined) throw new Error('nothing was asked')
  return last
}

/** Undefined: it is answered. A busy machine may keep back what the service has answered for longer than it is waited for; what becomes of that is known after its deadline. */
function againAfterMs(attempt: Attempt): number | undefined {
  const code = codeOf(attempt)
  if (code === 'rate.limited') return 100
  return code === 'upstream.timeout' && attempt.endMs - attempt.startMs >= ANSWER_MS ? HOLD_MS : undefined
}
