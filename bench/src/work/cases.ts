import { cpuRatio, rateRatio, type BenchCase, type Contender, type Finding, type Measures } from '../bench-case.ts'
import { startChild } from '../child-process.ts'

function workContender(name: string): Contender {
  return {
    name,
    async start({ profileDir }) {
      const { ask, stop } = await startChild(['work', name], 0, profileDir)
      return {
        warmUp: async (ms) => void (await ask({ ask: 'run', ms })),
        async measure(ms) {
          const { perSecond = Number.NaN, cpuMicros, bytes } = await ask({ ask: 'run', ms })
          return { perSecond, ...(cpuMicros !== undefined && { cpuMicros }), ...(bytes !== undefined && { bytes }) }
        },
        stop,
      }
    },
  }
}

type Goal = NonNullable<Finding['goal']>

function versus(subject: string, peer: string, goal?: Goal, ratioOf = cpuRatio): Finding {
  return {
    title: `${subject} : ${peer}`,
    unit: '×',
    of: [subject, peer],
    value: (one, other) => (one === undefined || other === undefined ? Number.NaN : ratioOf(one, other)),
    better: 'more',
    ...(goal !== undefined && { goal }),
  }
}

function figure(title: string, contender: string, name: keyof Measures, goal?: Goal): Finding {
  const isBytes = name === 'bytes'
  return {
    title,
    unit: isBytes ? 'B' : '/s',
    of: [contender],
    value: (measures) => measures?.[name] ?? Number.NaN,
    better: isBytes ? 'less' : 'more',
    ...(goal !== undefined && { goal }),
  }
}

const memory: BenchCase = {
  name: 'memory',
  title: 'limits of 100,000 accounts in memory',
  contenders: [
    'tollgate, four meters',
    'tollgate, four meters, fixed windows',
    'rate-limiter-flexible, one limit',
    'rate-limiter-flexible, four limits',
  ].map(workContender),
  findings: [
    versus('tollgate, four meters', 'rate-limiter-flexible, one limit', { floor: 3, stretch: 5 }),
    versus('tollgate, four meters', 'rate-limiter-flexible, four limits'),
    versus('tollgate, four meters, fixed windows', 'rate-limiter-flexible, one limit', { floor: 3, stretch: 5 }),
    figure('bytes per account, four meters', 'tollgate, four meters', 'bytes', { floor: 300, stretch: 190 }),
    figure('bytes per account, four meters, fixed windows', 'tollgate, four meters, fixed windows', 'bytes', { floor: 300, stretch: 190 }),
    figure('bytes per account, rate-limiter-flexible, one limit', 'rate-limiter-flexible, one limit', 'bytes'),
  ],
}

const durable: BenchCase = {
  name: 'durable',
  title: 'durable admissions on SQLite, four meters in one record, no debit, 20,000 accounts',
  contenders: ['one by one', 'groups of 64', 'groups of 512', 'groups of 512, one account'].map(workContender),
  findings: [
    versus('groups of 64', 'one by one', undefined, rateRatio),
    versus('groups of 512', 'one by one', undefined, rateRatio),
    // The goals include a debit, which is not measured here.
    figure('admissions a second, many accounts, no debit', 'groups of 512', 'perSecond', { floor: 45_000, stretch: 70_000 }),
    figure('admissions a second, one hot account, no debit', 'groups of 512, one account', 'perSecond', { floor: 90_000, stretch: 150_000 }),
  ],
}

const paid: BenchCase = {
  name: 'paid',
  title: 'paid calls on SQLite, on the store alone: held, charged, logged; 500 accounts, the database in a thread of its own',
  contenders: ['1 caller', '1 caller, same thread', '64 callers', '64 callers, same thread'].map(workContender),
  findings: [
    versus('1 caller', '1 caller, same thread', undefined, rateRatio),
    versus('64 callers', '64 callers, same thread', undefined, rateRatio),
    versus('64 callers', '1 caller', undefined, rateRatio),
    figure('paid calls a second', '64 callers', 'perSecond'),
  ],
}

const envelope: BenchCase = {
  name: 'envelope',
  title: 'a refused rate limit in its envelope: written with its headers, and read',
  contenders: ['contract.answer', 'JSON.stringify', 'contract.read', 'JSON.parse'].map(workContender),
  findings: [versus('contract.answer', 'JSON.stringify'), versus('contract.read', 'JSON.parse')],
}

export const workCases: readonly BenchCase[] = [memory, durable, paid, envelope]
