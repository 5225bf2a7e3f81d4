import { cpuShare, figure, rateRatio, shareOf, versus, type BenchCase, type Contender, type Goal } from '../bench-case.ts'
import { startChild } from '../child-process.ts'
import { serverContender } from '../http/http-contender.ts'
import { findWrongRefusal } from '../http/probe.ts'
import { paths } from '../http/task.ts'

/** What is not ours among the works. */
const peers = new Set(['rate-limiter-flexible, one limit', 'rate-limiter-flexible, four limits', 'one record each, groups of 512', 'one record, groups of 512', 'JSON.stringify', 'JSON.parse'])

function workContender(name: string): Contender {
  return {
    name,
    isOurs: !peers.has(name),
    async start({ profileDir, childFile }) {
      const { ask, stop } = await startChild(['work', name], { core: 0, childFile, profileDir })
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
    versus('tollgate, four meters', 'rate-limiter-flexible, one limit', { floor: 0.6, stretch: 1.5 }),
    versus('tollgate, four meters', 'rate-limiter-flexible, four limits', { floor: 2.5, stretch: 6 }),
    versus('tollgate, four meters, fixed windows', 'rate-limiter-flexible, one limit', { floor: 0.6, stretch: 1.5 }),
    figure('bytes per account, four meters', 'tollgate, four meters', 'bytes', { floor: 300, stretch: 190 }),
    figure('bytes per account, four meters, fixed windows', 'tollgate, four meters, fixed windows', 'bytes', { floor: 300, stretch: 190 }),
    figure('bytes per account, rate-limiter-flexible, one limit', 'rate-limiter-flexible, one limit', 'bytes'),
  ],
}

const bareGoal: Goal = { floor: 0.4, stretch: 0.6 }
const bareHotGoal: Goal = { floor: 1, stretch: 1.6 }

const durable: BenchCase = {
  name: 'durable',
  title: 'durable admissions on SQLite, four meters and a debit in one record, 20,000 accounts; beside a bare loop that writes a record of the same size for each in the same groups',
  contenders: ['one by one', 'groups of 64', 'groups of 512', 'groups of 512, one account', 'one record each, groups of 512', 'one record, groups of 512'].map(workContender),
  findings: [
    versus('groups of 64', 'one by one', undefined, rateRatio),
    versus('groups of 512', 'one by one', undefined, rateRatio),
    versus('groups of 512', 'one record each, groups of 512', bareGoal, rateRatio),
    versus('groups of 512, one account', 'one record, groups of 512', bareHotGoal, rateRatio),
    figure('admissions a second, many accounts', 'groups of 512', 'perSecond'),
    figure('admissions a second, one hot account', 'groups of 512, one account', 'perSecond'),
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

const BARE = 'node:http'
const gateNames = ['gate, 401', 'gate, no meter', 'gate, one window', 'gate, four meters', 'gate, 401, SQLite', 'gate, four meters, SQLite'] as const

const gate: BenchCase = {
  name: 'gate',
  title: 'the gate alone, in process, 64 calls at once, with their rows in the log; as a share of a bare refusal of node:http',
  contenders: [...gateNames.map(workContender), serverContender(BARE, { path: paths.item, headers: {}, status: 401, connections: 64, findWrong: findWrongRefusal })],
  findings: gateNames.map((name) => shareOf('CPU', name, BARE, name.includes('401') ? { floor: 0.25, stretch: 0.15 } : name.includes('four') ? { floor: 0.5, stretch: 0.3 } : undefined, cpuShare)),
}

export const workCases: readonly BenchCase[] = [gate, memory, durable, paid, envelope]
