/** The script decides as the engine does: the same history, to a memory store and to a real server, has the same answers, to the last figure. */
import * as fc from 'fast-check'
import type { CounterCommand, Counters, Meter, Receipt, StageDecision, Take } from 'tollgate/engine'
import { createMemoryStore } from 'tollgate/stores/memory'
import { createManualClock } from 'tollgate/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { propertyRuns } from '../runs.ts'
import { mayUseValkey } from '../servers/valkey.ts'
import { startValkeyBench, type ValkeyBench } from './harness.ts'

/** Half a minute before the clocks of Berlin go forward, and before a month ends there. */
const START = Date.UTC(2026, 2, 29, 0, 59, 30)

const meters: { readonly [name: string]: Meter } = {
  log: { kind: 'window', windowMs: 5_000, algorithm: 'log' },
  logAttempts: { kind: 'window', windowMs: 900, counts: 'attempts' },
  buckets: { kind: 'window', windowMs: 60_000, algorithm: 'buckets' },
  bucketAttempts: { kind: 'window', windowMs: 7_000, algorithm: 'buckets', counts: 'attempts' },
  fixed: { kind: 'window', windowMs: 3_000, algorithm: 'fixed' },
  day: { kind: 'quota', period: 'day', timeZone: 'Europe/Berlin' },
  dayAttempts: { kind: 'quota', period: 'day', counts: 'attempts' },
  week: { kind: 'quota', period: 'week', weekStart: 'sunday' },
  month: { kind: 'quota', period: 'month', anchorMs: Date.UTC(2024, 0, 31, 1) },
  slot: { kind: 'lease', of: 'slot' },
  other: { kind: 'lease', of: 'slot' },
}

const take = fc
  .record({
    subject: fc.constantFrom('account:a', 'user:a:1', 'key:k', 'ip:x:::1'),
    name: fc.constantFrom(...Object.keys(meters)),
    limit: fc.constantFrom(0, 1, 2, 3, 4, 5, 8, 9, 10, 20, 40, 200, 300, Number.MAX_SAFE_INTEGER),
    cost: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(0, 1, 1, 1, 2, 3) }, { weight: 1, arbitrary: fc.constantFrom(150, Number.MAX_SAFE_INTEGER) }),
    unlimited: fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.constant(true as const) }),
  })
  .map(({ unlimited, ...each }): Take => ({ ...each, meter: meters[each.name] as Meter, ...(unlimited && { unlimited, limit: Number.MAX_SAFE_INTEGER }) }))

const callId = fc.constantFrom('c1', 'c2', 'c3', 'constructor')
const owner = fc.constantFrom(undefined, 'gw1', 'gw2')
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('admit' as const), takes: fc.array(take, { minLength: 1, maxLength: 4 }), callId, owner, admission: fc.constantFrom(undefined, 'a', 'b'), begun: fc.constantFrom(false, false, true), holdMs: fc.constantFrom(500, 4_000, 90_000) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('uncount' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('extend' as const), callId, holdMs: fc.constantFrom(100, 5_000) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('free' as const), callId }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('beat' as const), owner: fc.constantFrom('gw1', 'gw2'), ttlMs: fc.constantFrom(1_000, 10_000) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.oneof(fc.nat(1_200), fc.constantFrom(900, 5_000), fc.constantFrom(1, 900, 3_000, 5_000, 7_000, 60_000, 3_600_000, 86_400_000, 40 * 86_400_000)) }) },
)

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

function toCommand(each: Exclude<Step, { readonly kind: 'wait' }>, receipts: Receipt[][]): CounterCommand {
  switch (each.kind) {
    case 'admit': {
      const { takes, callId: id, owner: of, admission, begun, holdMs } = each
      const holds = takes.some(({ meter, cost }) => meter.kind === 'lease' && cost > 0)
      if (!takes.some(({ meter }) => meter.kind === 'lease')) return { kind: 'admit', takes }
      // Without slots there is nothing by which a name is remembered in memory; and under one name the same is asked.
      const name = holds && admission !== undefined ? `${admission} ${JSON.stringify(takes)}` : undefined
      return { kind: 'admit', takes, call: { id, accountId: 'a', holdMs, onExpiry: 'release', begun }, owner: of, admission: name }
    }
    case 'uncount':
      return { kind: 'uncount', receipts: receipts.splice(each.which % Math.max(1, receipts.length), 1).flat() }
    default:
      return each
  }
}

const answerOf = async (asked: Promise<unknown>): Promise<unknown> => asked.catch((error: unknown) => (error instanceof Error ? error.name : error))

describe.skipIf(!mayUseValkey)('counters on a server of Valkey or Redis', () => {
  let bench: ValkeyBench
  beforeAll(async () => {
    bench = await startValkeyBench()
  })
  afterAll(() => bench.stop())

  test('answer each command and each peek as the engine does in memory, in batches too', async () => {
    let admitted = 0
    let refused = 0
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 5, maxLength: 40 }), async (batches) => {
        const clock = createManualClock(START)
        const memory: Counters = createMemoryStore({ clock })
        const first = await bench.countersOnOneWire(clock)
        const second = await bench.againOnOneWire(first, clock, false)
        const receipts: Receipt[][] = []
        for (const [turn, batch] of batches.entries()) {
          // The one decides here what only counts, the other leaves all to the server: each meets what the other has written.
          const valkey = turn % 4 < 2 ? first : second
          for (const each of batch) if (each.kind === 'wait') clock.advance(each.ms)
          // What fails stands alone: of a batch that fails, memory may keep what is volatile.
          const commands = batch.flatMap((each) => (each.kind === 'wait' ? [] : [toCommand(each.kind === 'admit' && batch.length > 1 ? { ...each, begun: false } : each, receipts)]))
          const wanted = await answerOf(Promise.resolve(memory.apply(commands)))
          expect(await answerOf(Promise.resolve(valkey.apply(commands)))).toEqual(wanted)
          if (!Array.isArray(wanted)) continue
          for (const [at, command] of commands.entries()) {
            if (command.kind !== 'admit') continue
            const decision = (wanted as readonly unknown[])[at] as StageDecision
            if (decision.admitted) receipts.push([...decision.receipts])
            admitted += decision.admitted ? 1 : 0
            refused += decision.admitted ? 0 : 1
            expect(await valkey.peek(command.takes)).toEqual(await memory.peek(command.takes))
          }
        }
        await Promise.all([first.close(), second.close()])
      }),
    )
    // The histories are worth something.
    expect(Math.min(admitted, refused)).toBeGreaterThan(propertyRuns)
  })
})
