import { expect, it } from 'vitest'
import { runCli } from './run-cli.ts'

async function run(args: readonly string[], stdin = '') {
  const said = { out: '', err: '' }
  const code = await runCli(args, {
    stdout: (text) => void (said.out += text),
    stderr: (text) => void (said.err += text),
    readStdin: () => Promise.resolve(stdin),
    env: { NO_COLOR: '1' },
    cwd: import.meta.dirname,
    fetch: globalThis.fetch,
    isTerminal: false,
    onSignal: () => () => undefined,
    exit: () => undefined,
  })
  return { code, ...said }
}

it('says who refused, why, and whether and when to try again', async () => {
  const { code, out } = await run(['explain'], 'HTTP/2 429 \ndate: Sun, 29 Nov 2026 10:00:00 GMT\ncontent-type: application/json\nretry-after: 20\n\n{"error":{"message":"Rate limit\\nreached","type":"requests","param":null,"code":"rate_limit_exceeded"}}')
  expect(code).toBe(0)
  expect(out).toBe(`429 Too Many Requests rate_limit_exceeded: Too fast  rate.limited
  who         the API: openai, by the form of its answer
  why         More requests came within a window of time than are let through in it.
  it says     “Rate limit reached”
  again?      yes, not before 20 s after the answer, at 2026-11-29T10:00:20.000Z; nothing was done, so that a repeat does no harm
  what to do  Wait, and send the request again.
  docs        https://developers.openai.com/api/docs/guides/error-codes
`)
})

it('takes what was pasted as arguments, a contract, a status and a method', async () => {
  const { out } = await run(['explain', '{"success":false,"error":{"code":"X","message":"Late"}}', '--contract', 'chatads', '--status', '503', '--method', 'POST'])
  expect(out).toMatch(/^503 Service Unavailable X: /)
  expect(out).toContain('only if doing it twice does no harm')
})

it('prints JSON', async () => {
  const { out } = await run(['explain', '--json', 'openai.APITimeoutError: Request timed out.'])
  expect(JSON.parse(out)).toMatchObject([{ reason: 'network.timeout', again: { rule: 'backoff', repeatable: 'unknown' } }])
})

it.each([
  [['explain'], '', 'there is nothing to explain; paste it as an argument, or on stdin'],
  [['explain', 'hello', 'there'], '', 'nothing in this says that a request was refused, or why'],
  [['explain'], 'HTTP/1.1 200 OK\n\nfine', 'this is no refusal: the answer is a 200 that says no error'],
])('%s, %j: exit code 1 and a sentence', async (args, stdin, message) => {
  expect(await run(args, stdin)).toEqual({ code: 1, out: '', err: `tollgate: ${message}\n` })
})

it('a status that is none is refused', async () => {
  expect(await run(['explain', '--status', 'soon', 'x y'])).toMatchObject({ code: 2, err: 'tollgate: --status: "soon" is no status of HTTP; write three digits, such as 429\n' })
})
