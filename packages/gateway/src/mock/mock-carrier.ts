/** What a mock has planned, byte by byte on the wire: late, slow, cut, of a wrong length, or not at all. */
import type { Contract } from 'tollgate/contract'
import { refuse } from 'tollgate/contract'
import type { Clock } from 'tollgate/engine'
import type { MockCore, MockPlan } from 'tollgate/testing'
import { afterOnMachine } from '../platform/system-clock.ts'
import type { CallerSide } from '../http/caller-side.ts'
import type { CarriedCall, Carrier } from '../http/carrier.ts'
import { BodyPatience } from '../http/body-patience.ts'
import { isBodyless, lengthWithoutBody } from '../http/message-framing.ts'

/** As much of a request as a mock reads. */
const BODY_BYTES_MAX = 16_777_216
/** For a client of this machine to read what came before a reset. */
const READ_MS = 25

export interface MockCarrierOptions {
  readonly mock: Pick<MockCore, 'begin' | 'ended'>
  readonly contract: Contract
  readonly clock: Clock
  readonly randomBytes: (count: number) => Uint8Array
  /** Of every answer. */
  readonly headers: readonly string[]
}

export function createMockCarrier(options: MockCarrierOptions): Carrier {
  return {
    carry: (caller) => new MockedCall(caller, options),
    asOutside: (_, headers) => headers,
    close: () => Promise.resolve(),
  }
}

class MockedCall implements CarriedCall {
  readonly #caller: CallerSide
  readonly #options: MockCarrierOptions
  /** Undefined before it is known what to answer, and after the end. */
  #attempt: number | undefined
  #cancel: () => void = () => undefined
  #goOn: (how: 'on' | 'gone') => void = () => undefined
  #isGone = false

  constructor(caller: CallerSide, options: MockCarrierOptions) {
    this.#caller = caller
    this.#options = options
  }

  start(): void {
    this.#run().catch((error: unknown) => this.#caller.fail(error))
  }

  callerGone(): void {
    this.#isGone = true
    this.#cancel()
    this.#ended('gone')
    this.#goOn('gone')
  }

  async #run(): Promise<void> {
    const { mock, clock } = this.#options
    const { core, head, body } = this.#caller
    const read = await body.collect(BODY_BYTES_MAX, new BodyPatience(core.limits, core.clock), core.clock)
    if (read.kind !== 'complete') return this.#refuseBody(read.kind)
    const { method, target, headers } = head
    const plan = mock.begin({ method, target: pathOf(target), headers, body: read.bytes }, { monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs() })
    this.#attempt = plan.attempt
    if (this.#isGone) return this.#ended('gone')
    await this.#play(plan)
  }

  #refuseBody(problem: 'too_large' | 'timeout' | 'broken'): void {
    const { contract, clock, randomBytes } = this.#options
    const refusal = problem === 'too_large' ? refuse('request.too_large', { bytesMax: BODY_BYTES_MAX }) : refuse('request.invalid', { issue: 'the body did not arrive' })
    this.#caller.answer(contract.answer(refusal, { requestId: contract.mintRequestId(randomBytes(16)), nowMs: clock.wallMs() }))
  }

  async #play(plan: MockPlan): Promise<void> {
    const { sink } = this.#caller
    const { head, ends } = plan
    if ((await this.#pause(plan.delayMs)) === 'gone') return
    if (head === undefined) {
      this.#ended('sent')
      return this.#caller.connection.cut(false)
    }
    // RFC 9110 section 6.4.1.
    const { length, pieces } = isBodyless(head.status) ? { length: lengthWithoutBody(head.status), pieces: [] } : plan
    const last = this.#caller.closes || ends !== 'whole'
    sink.writeHead(head.status, [...head.headers, ...this.#options.headers, ...(length === undefined ? [] : ['Content-Length', String(length)])], last)
    for (const { afterMs, bytes } of pieces) {
      if (afterMs > 0) sink.flushHead()
      if ((await this.#pause(afterMs)) === 'gone') return
      if (!sink.write(bytes) && (await this.#drained()) === 'gone') return
    }
    this.#ended('sent')
    if (ends === 'whole') {
      sink.end()
      return this.#caller.leave(last)
    }
    sink.flushHead()
    const { connection } = this.#caller
    // What went out before must have been read: a reset that overtakes it looks like an end.
    connection.socket.write('', () => afterOnMachine(ends === 'close' ? 0 : READ_MS, () => connection.cut(ends === 'close')))
  }

  #pause(ms: number): Promise<'on' | 'gone'> {
    if (this.#isGone) return Promise.resolve('gone')
    if (ms <= 0) return Promise.resolve('on')
    return new Promise((resolve) => {
      this.#goOn = resolve
      this.#cancel = this.#options.clock.after(ms, () => resolve('on'))
    })
  }

  #drained(): Promise<'on' | 'gone'> {
    return new Promise((resolve) => {
      this.#goOn = resolve
      this.#caller.sink.whenDrained(() => resolve('on'))
    })
  }

  #ended(how: 'sent' | 'gone'): void {
    if (this.#attempt === undefined) return
    this.#options.mock.ended(this.#attempt, how, this.#options.clock.monotonicMs())
    this.#attempt = undefined
  }
}

/** A proxy's clients name the whole address. */
function pathOf(target: string): string {
  return target.startsWith('/') ? target : target.replace(/^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?#]*/, '') || '/'
}
