/** All works by name, each loaded only where it runs. */
import type { CreateWork } from './work.ts'
import type { GateWork } from './gate.ts'
import type { envelopeWorks } from './envelope.ts'

const MANY = 20_000
const HOUR_SECONDS = 3_600

const tollgateLimiting = (algorithm: 'buckets' | 'fixed'): CreateWork => async () => (await import('./memory.ts')).createTollgateLimiting(algorithm)()
const flexibleLimiting = (durations: readonly number[]): CreateWork => async () => (await import('./memory.ts')).createFlexibleLimiting(durations)()
const durable = (accounts: number, group: number): CreateWork => async () => (await import('./durable.ts')).createDurableAdmissions({ accounts, group })()
const bare = (accounts: number): CreateWork => async () => (await import('./durable.ts')).createBareWrites(accounts, 512)()
const gate = (options: GateWork): CreateWork => async () => (await import('./gate.ts')).createGateWork(options)()
const paid = (callers: number, thread: 'own' | 'same'): CreateWork => async () => (await import('./paid.ts')).createPaidCalls({ accounts: 500, callers, thread })()
const envelope = (name: keyof typeof envelopeWorks): CreateWork => async () => (await import('./envelope.ts')).envelopeWorks[name]()

export const works: { readonly [name: string]: CreateWork } = {
  'tollgate, four meters': tollgateLimiting('buckets'),
  'tollgate, four meters, fixed windows': tollgateLimiting('fixed'),
  'rate-limiter-flexible, one limit': flexibleLimiting([60]),
  'rate-limiter-flexible, four limits': flexibleLimiting([60, HOUR_SECONDS, 24 * HOUR_SECONDS, 24 * 24 * HOUR_SECONDS]),

  'one by one': durable(MANY, 1),
  'groups of 64': durable(MANY, 64),
  'groups of 512': durable(MANY, 512),
  'groups of 512, one account': durable(1, 512),

  'one record each, groups of 512': bare(MANY),
  'one record, groups of 512': bare(1),

  'gate, 401': gate({ store: 'memory', asks: 'refused' }),
  'gate, no meter': gate({ store: 'memory', asks: 'free' }),
  'gate, one window': gate({ store: 'memory', asks: 'item' }),
  'gate, four meters': gate({ store: 'memory', asks: 'metered' }),
  'gate, 401, SQLite': gate({ store: 'sqlite', asks: 'refused' }),
  'gate, four meters, SQLite': gate({ store: 'sqlite', asks: 'metered' }),

  '1 caller': paid(1, 'own'),
  '1 caller, same thread': paid(1, 'same'),
  '64 callers': paid(64, 'own'),
  '64 callers, same thread': paid(64, 'same'),

  'contract.answer': envelope('contract.answer'),
  'JSON.stringify': envelope('JSON.stringify'),
  'contract.read': envelope('contract.read'),
  'JSON.parse': envelope('JSON.parse'),
}
