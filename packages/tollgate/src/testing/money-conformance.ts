/** What every engine of money must keep: balances and their ledger, calls, keys, leases. */
import type { MoneyEngine } from '../engine/money-commands.ts'
import { balanceCases } from './balance-conformance.ts'
import { callCases } from './call-conformance.ts'
import { deadlineCases } from './deadline-conformance.ts'
import { holdCases } from './hold-conformance.ts'
import { keyCases } from './key-conformance.ts'
import { leaseCases } from './lease-conformance.ts'
import { outcomeCases } from './outcome-conformance.ts'
import { reserveCases } from './reserve-conformance.ts'
import { spendCases } from './spend-conformance.ts'
import { timed, type StoreConformanceCase } from './store-case.ts'

/**
 * What an engine of money must keep, as named cases for any test runner. They ask nothing but what `Money` promises.
 *
 * @example
 * for (const { name, run } of moneyConformanceCases) test(name, () => run({ create: () => store }))
 *
 * declare function test(name: string, run: () => Promise<void>): void
 */
export const moneyConformanceCases: readonly StoreConformanceCase<MoneyEngine>[] = [...balanceCases, ...holdCases, ...deadlineCases, ...keyCases, ...callCases, ...leaseCases, ...outcomeCases, ...reserveCases, ...spendCases].map(timed)
