/** Faults for the auditor to find: each a store, or a disk, that breaks its word in one way. */
import type { SettleCommand } from 'tollgate/engine'
import type { Command, Result, ResultOf, Store } from 'tollgate/stores'
import type { ShopFaults } from './shop-world.ts'

interface Planted {
  readonly name: string
  /** What the auditor says of it. */
  readonly found: RegExp
  readonly faults: ShopFaults
}

type Change = (command: Command, apply: (commands: readonly Command[]) => Promise<readonly Result[]>, store: Store) => Promise<Result>

/** Each command by itself, as the change does it. */
function changed(change: Change): ShopFaults {
  return {
    plant: (store) => ({ ...store, apply: (commands) => Promise.all(commands.map((command) => change(command, async (asked) => store.apply(asked), store))) }),
  }
}

/** The command as another one. */
function as(other: (command: Command) => Command): ShopFaults {
  return { plant: (store) => ({ ...store, apply: (commands) => store.apply(commands.map(other)) }) }
}

const first = async (results: Promise<readonly Result[]>): Promise<Result> => (await results)[0] ?? {}
const isCharge = (command: Command): command is SettleCommand => command.kind === 'settle' && command.outcome === 'done'
const settled = (units: number): ResultOf['settle'] => ({ settled: true, chargedUnits: units, shortUnits: 0, call: undefined })
const HOUR_MS = 3_600_000

let serial = 0

export const planted: readonly Planted[] = [
  { name: 'a disk that forgets what it has told', found: /./, faults: { disk: { keepsEvery: 4 } } },
  { name: 'a disk that says of what it has refused that it is done', found: /were charged|never saw its call|is not there|cannot be read/, faults: { hidesRefusals: true } },
  {
    name: 'a charge that is told before it is durable',
    found: /costs \d+.*, and 0 were charged/,
    faults: changed(async (command, apply) => {
      if (!isCharge(command)) return first(apply([command]))
      apply([command]).catch(() => undefined)
      return settled(command.chargeUnits ?? 0)
    }),
  },
  {
    name: 'a claim that is lost',
    found: /was charged \d+ times|ran again/,
    faults: as((command) => (command.kind === 'claim' ? { ...command, claim: { ...command.claim, scope: `${command.claim.scope} ${(serial += 1)}` } } : command)),
  },
  {
    name: 'a charge that is made twice',
    found: /of its grants/,
    faults: changed(async (command, apply) => {
      const result = await first(apply([command]))
      if (isCharge(command) && command.reason === 'request') await apply([{ kind: 'debit', subject: 'account:rich', name: 'credit', scale: 2, debitId: `again ${command.callId}`, units: 1, reason: 'again' }])
      return result
    }),
  },
  { name: 'a charge of a unit too little', found: /the service said/, faults: as((command) => (isCharge(command) && (command.chargeUnits ?? 0) > 1 ? { ...command, chargeUnits: (command.chargeUnits ?? 0) - 1 } : command)) },
  { name: 'a charge for what failed', found: /charge \d+ of/, faults: as((command) => (command.kind === 'settle' && command.outcome === 'released' ? { ...command, outcome: 'done' } : command)) },
  { name: 'an answer that is not kept', found: /said to be unknown in the end|and later told/, faults: as((command) => (isCharge(command) && command.answer !== undefined ? withoutAnswer(command) : command)) },
  {
    name: 'an answer that is kept wrongly',
    found: /was answered .*, before|the answer to something else/,
    faults: as((command) => (isCharge(command) && command.answer !== undefined ? { ...command, answer: { ...command.answer, body: '{"order":"another"}' } } : command)),
  },
  { name: 'a slot too many', found: /had a slot at/, faults: limited((meter) => meter.kind === 'lease' && meter.of === 'slot', (limit) => limit + 2) },
  {
    name: 'a slot that never comes free',
    found: /a slot is not free|"used":[12]/,
    faults: changed(async (command, apply) => {
      const result = await first(apply([command]))
      if (isCharge(command)) await apply([{ kind: 'admit', takes: [{ subject: 'key:key_rich', name: 'slots', meter: { kind: 'lease', of: 'slot' }, limit: 2, cost: 1 }], call: { id: `leak ${(serial += 1)}`, accountId: 'rich', holdMs: HOUR_MS, onExpiry: 'release' } }])
      return result
    }),
  },
  { name: 'a window that counts half', found: /requests of the poor account were admitted/, faults: limited(({ kind }) => kind === 'window', (limit) => 2 * limit) },
  { name: 'a hold that stays', found: /in progress|after all deadlines|in the end/, faults: as((command) => (command.kind === 'claim' || command.kind === 'admit') && command.call !== undefined ? { ...command, call: { ...command.call, holdMs: HOUR_MS } } : command) },
  {
    name: 'a dispatch that is not written down',
    found: /ran again|whatever became/,
    faults: changed(async (command, apply) => (command.kind === 'dispatch' ? { dispatched: true } : first(apply([command])))),
  },
  { name: 'a grant that is made again when it is asked for again', found: /nobody made the grant/, faults: as((command) => (command.kind === 'grant' ? { ...command, grantId: `${command.grantId} ${(serial += 1)}` } : command)) },
  {
    name: 'the end of a lease that is told and not done',
    found: /the end of ses_.* was acknowledged/,
    faults: changed(async (command, apply, store) => {
      if (command.kind !== 'end-lease') return first(apply([command]))
      const lease = await store.lease('shop', command.id)
      return { done: lease !== undefined, lease: lease && { ...lease, state: 'terminated' } }
    }),
  },
]

function withoutAnswer(command: SettleCommand): SettleCommand {
  const { answer, ...rest } = command
  return answer === undefined ? command : rest
}

type Taken = Extract<Command, { kind: 'admit' }>['takes'][number]

function limited(isMeant: (meter: Taken['meter']) => boolean, other: (limit: number) => number): ShopFaults {
  return as((command) => (command.kind === 'admit' ? { ...command, takes: command.takes.map((take) => (isMeant(take.meter) ? { ...take, limit: other(take.limit) } : take)) } : command))
}
