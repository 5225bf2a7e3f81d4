/** A mock of an API: it plays the contract as a script says, remembers what its client does, and grades it. */
import type { Contract } from '../../contract/declare/contract.ts'
import type { EntryId } from '../../contract/declare/inferred.ts'
import type { Clock } from '../../engine/clock.ts'
import { checkExpectation, expectationFault } from './expectation.ts'
import { createMockCore, type MockCore } from './mock-core.ts'
import { createMockFetch, type MockFetch } from './mock-fetch.ts'
import { formatReport, type MockReport } from './mock-report.ts'
import type { MockScript } from './mock-script.ts'
import { findScriptFaults } from './script-faults.ts'

/** What a mock is made with besides its script. */
export interface MockOptions {
  /** Default: the system's. By hand (`createManualClock`), waits pass when the test says so. */
  readonly clock?: Clock | undefined
}

/** A mock of an API. */
export interface Mock extends MockCore {
  readonly contract: Contract
  readonly script: MockScript
  /** Answers as the API would, without a port: for `createClient({ fetch })`, for SDKs, or in place of the global one. */
  readonly fetch: MockFetch
  /** Throws, with what was seen, unless all of it holds: `mock.assert('waited at least 2 s', 'same idempotency key')`. */
  assert(...expectations: readonly string[]): void
  /** What the client got wrong. `isOver` (the default): no more requests will come, so that what was not repeated was given up. */
  grade(isOver?: boolean): MockReport
}

const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}

/**
 * A mock of the API of a contract: any code on demand (`Tollgate-Mock: rateLimited`, or a path that begins with `/_mock/rateLimited`), and what the script says.
 * Throws where the script is wrong, naming the place and the value.
 *
 * @example
 * import { problem } from 'tollgate/catalog'
 *
 * const mock = createMock(problem, { rules: [{ answer: [{ entry: 'rateLimited', times: 2 }] }] })
 * const answer = await mock.fetch('http://mock.test/things')
 * answer.status // => 429
 * mock.grade().faults.map(({ rule }) => rule) // => ['gave-up']
 */
export function createMock<C extends Contract>(contract: C, script: MockScript<EntryId<C>> = {}, { clock = systemClock }: MockOptions = {}): Mock {
  const faults = findScriptFaults(contract, script)
  if (faults.length > 0) throw new TypeError(`createMock: ${faults.map(({ path, message }) => `script.${path.join('.')}: ${message}`).join('; ')}`)
  const core = createMockCore(contract, script)
  const grade = (isOver = true): MockReport => core.report(clock.monotonicMs(), isOver)
  return {
    ...core,
    contract,
    script,
    fetch: createMockFetch(core, clock),
    grade,
    assert(...expectations) {
      for (const text of expectations) {
        const fault = expectationFault(text)
        if (fault !== undefined) throw new TypeError(`mock.assert: ${fault}`)
      }
      const missed = expectations.map((text) => checkExpectation(text, core.calls())).filter(({ holds }) => !holds)
      if (missed.length > 0) throw new Error(`${missed.map(({ text, words }) => `expected "${text}", but ${words}`).join('; ')}\n\n${formatReport(grade())}`)
    },
  }
}
