/** Clients that people have, graded by the mock: the loops that the reference pages print, and an official SDK. What they do wrong is known, and must be seen. */
import OpenAI from 'openai'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { aiApi, leaperone, openai } from 'tollgate/catalog'
import { createManualClock, createMock, formatReport, type MockReport, type MockScript } from 'tollgate/testing'
import type { Contract } from 'tollgate/contract'
import { readPage } from './reference-pages/page.ts'

type Loop = (ask: () => Promise<Response>) => Promise<unknown>

/** A function of a page, as it stands there; its pauses pass at once, by the clock. */
function fromPage(code: string, name: string, setTimeout: (run: () => void, ms: number) => void): Loop {
  return new Function('setTimeout', 'console', `${code}\nreturn ${name}`)(setTimeout, { error: () => undefined }) as Loop
}

/** Up to the line that begins with its last brace. */
function functionIn(page: string, name: string, last = '\n}'): string {
  const from = page.indexOf(`async function ${name}`)
  const to = page.indexOf(last, from)
  if (from === -1 || to === -1) throw new Error(`the page has no function ${name}`)
  return page.slice(from, to + 2)
}

/** Calls of the loop, one after the other, as the page makes them. */
async function graded<C extends Contract>(contract: C, script: MockScript, makeLoop: (sleep: (run: () => void, ms: number) => void) => Loop, calls = 1): Promise<MockReport> {
  const clock = createManualClock(Date.UTC(2026, 0, 1))
  const mock = createMock(contract as Contract, script, { clock })
  const loop = makeLoop((run, ms) => {
    clock.advance(ms)
    run()
  })
  for (let call = 0; call < calls; call++) {
    await loop(() => mock.fetch('https://api.example.com/v1/things', { headers: { 'Tollgate-Mock-Call': String(call) } })).catch(() => undefined)
  }
  return mock.grade()
}

const rulesBrokenIn = ({ faults }: MockReport): readonly string[] => [...new Set(faults.map(({ rule }) => rule))]

describe('the loop that AI-API prints', () => {
  const page = readPage('ai-api')
  const makeLoop = (sleep: (run: () => void, ms: number) => void): Loop => {
    const handle = fromPage(functionIn(page, 'handleAPIError'), 'handleAPIError', sleep) as unknown as (answer: Response) => Promise<unknown>
    const retry = fromPage(functionIn(page, 'retryWithBackoff'), 'retryWithBackoff', sleep)
    return (ask) => retry((async () => handle(await ask())) as unknown as () => Promise<Response>)
  }
  const entryOf = (reason: string): string => [...aiApi.entries.values()].find((entry) => entry.reason === reason)?.id ?? reason

  it('repeats what can never pass, since its errors have no status', async () => {
    const report = await graded(aiApi, { rules: [{ answer: { entry: entryOf('credential.invalid') } }] }, makeLoop)
    expect(rulesBrokenIn(report)).toEqual(['retried-never'])
    expect(report.requests).toBe(3)
  })

  it('does not wait as long as it is told', async () => {
    const report = await graded(aiApi, { rules: [{ answer: [{ entry: entryOf('rate.limited'), facts: { retryAfterMs: 30_000 } }] }] }, makeLoop)
    expect(report.faults.map(({ words }) => words)).toEqual([expect.stringMatching(/was repeated 2 s after .*, which told it to wait 30 s$/)])
  })

  it('pauses without chance', async () => {
    const report = await graded(aiApi, { rules: [{ each: true, answer: [{ entry: entryOf('internal') }] }] }, makeLoop, 6)
    expect(rulesBrokenIn(report)).toEqual(['no-jitter'])
  })
})

describe('the loop that LEAPERone prints', () => {
  const makeLoop = (sleep: (run: () => void, ms: number) => void): Loop => fromPage(functionIn(readPage('leaperone'), 'requestWithRetry', '\n}Always'), 'requestWithRetry', sleep)

  it('does not read Retry-After, which the same page asks for', async () => {
    const report = await graded(leaperone, { rules: [{ answer: [{ entry: 'rateLimitExceeded', facts: { retryAfterMs: 30_000 } }] }] }, makeLoop)
    expect(rulesBrokenIn(report)).toEqual(['too-early'])
  })

  it('is right in all else: it ends at what can never pass, and its pauses grow, by chance', async () => {
    const never = await graded(leaperone, { rules: [{ answer: { entry: 'insufficientCredits' } }] }, makeLoop)
    expect([never.verdict, never.requests]).toEqual(['passed', 1])
    const failing = await graded(leaperone, { rules: [{ each: true, answer: [{ entry: 'internalError', times: 2 }] }] }, makeLoop, 8)
    expect(failing.faults).toEqual([])
    expect(failing.rules.find(({ name }) => name === 'no-jitter')?.state).toBe('kept')
  })
})

describe('the SDK of OpenAI', () => {
  const chat = { id: 'chatcmpl-1', object: 'chat.completion', created: 0, model: 'gpt-4o', choices: [{ index: 0, message: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' }] }
  const events = ['Hel', 'lo', '.'].map((content) => ({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 0, model: 'gpt-4o', choices: [{ index: 0, delta: { content } }] }))

  async function ask(script: MockScript, how: (client: OpenAI) => Promise<unknown>, options: { readonly timeout?: number } = {}) {
    const mock = createMock(openai as Contract, { paid: 'POST /v1/*', success: { body: chat, events }, ...script })
    const client = new OpenAI({ apiKey: 'sk-test', baseURL: 'https://api.openai.com/v1', fetch: mock.fetch, ...options })
    const outcome = await how(client).then((value) => ({ value }), (error: unknown) => ({ error }))
    return { outcome, report: mock.grade() }
  }
  const complete = (client: OpenAI): Promise<unknown> => client.chat.completions.create({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }] })
  const stream = async (client: OpenAI): Promise<string> => {
    let said = ''
    for await (const chunk of await client.chat.completions.create({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }], stream: true })) said += chunk.choices[0]?.delta.content ?? ''
    return said
  }
  const entryOf = (reason: string): string => [...openai.entries.values()].find((entry) => entry.reason === reason)?.id ?? reason
  /** As the API itself says it: without advice, and soon. */
  const soon = { 'Retry-After': null, 'Retry-After-Ms': '5', 'X-Should-Retry': null }

  it('is answered as by the API, and streams', async () => {
    expect((await ask({}, complete)).outcome).toMatchObject({ value: { choices: [{ message: { content: 'Hello.' } }] } })
    expect((await ask({}, stream)).outcome).toEqual({ value: 'Hello.' })
  })

  it('waits as long as it is told', async () => {
    const { report } = await ask({ rules: [{ answer: [{ entry: entryOf('rate.limited'), facts: { retryAfterMs: 1_000 } }] }] }, complete)
    expect(report).toMatchObject({ verdict: 'passed', requests: 2 })
    expect(report.rules.find(({ name }) => name === 'too-early')?.state).toBe('kept')
  })

  it('repeats a quota that is used up, which no wait brings back', async () => {
    const { report } = await ask({ rules: [{ answer: { code: 'insufficient_quota', headers: soon } }] }, complete)
    expect(report).toMatchObject({ requests: 3, faults: [{ rule: 'retried-never', attempts: [2, 3] }] })
  })

  it('comes back at once where the wait is longer than a timer can be', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    onTestFinished(() => warned.mockRestore())
    const { report } = await ask({ patienceMs: Number.MAX_SAFE_INTEGER, rules: [{ answer: { entry: entryOf('rate.limited'), headers: { 'Retry-After': '9999999' } } }] }, complete)
    expect(rulesBrokenIn(report)).toContain('too-early')
  })

  it('sends a paid request again when it has not waited for the answer, and pays twice', async () => {
    const { report } = await ask({ rules: [{ answer: [{ delayMs: 60_000 }] }] }, complete, { timeout: 100 })
    expect(rulesBrokenIn(report).toSorted()).toEqual(['paid-twice', 'unsafe-repeat'])
    expect(formatReport(report)).toContain('was sent again after it had given up waiting for its answer, without an idempotency key')
  })

  it('takes a stream that was cut for whole: which the mock says it cannot see, and the test sees', async () => {
    const { outcome, report } = await ask({ rules: [{ answer: { cut: { after: 2, by: 'end' } } }] }, stream)
    expect(outcome).toEqual({ value: 'Hello' })
    expect(report.unseen).toEqual([expect.stringContaining('1 stream ended without what says that it is whole')])
  })

  it('loses the status of an error in the middle of a stream', async () => {
    const { outcome, report } = await ask({ rules: [{ answer: { entry: entryOf('rate.limited'), midStream: 1 } }] }, stream)
    expect((outcome as { readonly error: { readonly status?: number } }).error.status).toBeUndefined()
    expect(report.unseen).toEqual([expect.stringContaining('1 refusal came in the middle of a stream')])
  })
})
