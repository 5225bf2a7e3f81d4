import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { chatads, jogg } from 'tollgate/catalog'
import { runCli } from './run-cli.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollgate-contract-'))
  writeFileSync(join(folder, 'chatads.json'), JSON.stringify(chatads.declaration))
  return () => rmSync(folder, { recursive: true })
})

async function run(argv: readonly string[], stdin = '') {
  const said = { code: 0, out: '', error: '' }
  said.code = await runCli(['contract', ...argv], {
    stdout: (text) => void (said.out += text),
    stderr: (text) => void (said.error += text),
    readStdin: () => Promise.resolve(stdin),
    env: {},
    cwd: folder,
    fetch: () => Promise.reject(new Error('asks nobody')),
    isTerminal: false,
    onSignal: () => () => undefined,
    exit: () => undefined,
  })
  return said
}

it('a shipped contract needs no file', async () => {
  expect((await run(['check', 'chatads'])).out).toBe((await run(['check', './chatads.json'])).out)
  expect(await run(['check', 'chatadz'])).toMatchObject({ code: 2, out: '', error: expect.stringContaining('no shipped contract is called "chatadz"; did you mean "chatads"?') })
})

it('what is valid and hardly meant is a warning, with its line', async () => {
  const { entries, ...others } = chatads.declaration
  const file = { ...others, entries: { ...entries, notFound: { ...entries.notFound, alsoFor: ['internal', ...entries.notFound.alsoFor] } } }
  const text = JSON.stringify(file, null, 1)
  writeFileSync(join(folder, 'vain.json'), text)
  const line = text.split('\n').findIndex((each, at, all) => each.trim() === '"internal",' && all[at - 1]?.trim() === '"alsoFor": [') + 1
  const warning = `vain.json:${line}:5 entries.notFound.alsoFor[0]: "internal" never comes to this entry: "internalError" has it as its own reason; leave it out`
  expect(await run(['check', 'vain.json'])).toMatchObject({ code: 0, out: expect.stringContaining('The contract is fine.'), error: `warning: ${warning}\n` })
  expect(JSON.parse((await run(['check', 'vain.json', '--json'])).out)).toMatchObject({ warnings: [warning] })
})

it('each problem of a file comes with its line', async () => {
  writeFileSync(join(folder, 'wrong.yaml'), 'name: wrong\ntitle: Wrong\nenvelope:\n  error: $code\nentries:\n  a: { code: A, status: 200, reason: internal, message: A, retry: never, action: wait, descripton: A }\n')
  const { code, error } = await run(['check', 'wrong.yaml'])
  expect(code).toBe(2)
  expect(error).toContain('tollgate: wrong.yaml:6:88 entries.a.descripton: is not known here; did you mean "description"?\n')
})

describe('contract entries', () => {
  it('lists each entry with what it sends, in the order of the contract', async () => {
    const lines = (await run(['entries', 'jogg'])).out.split('\n')
    expect(lines[0]).toMatch(/^ENTRY +STATUS +CODE +REASON +RETRY +MESSAGE$/)
    expect(lines.slice(1, -1).map((line) => line.split(/ {2,}/)[0])).toEqual([...jogg.entries.keys()])
    expect(lines[1]).toMatch(/^rateLimitExceeded +429 +429 +rate\.limited +wait +Rate limit exceeded\. Please try again later\.$/)
  })

  it('shows the facts that refine a reason, and of several messages the fullest', async () => {
    const { out } = await run(['entries', 'leaperone'])
    expect(out).toMatch(/field\.invalid field=model rule=enum\|const +never +The requested model does not exist\.\n/)
    expect(out).toContain('Invalid request: {field} {issue}.\n')
  })

  it('shows the status that an entry means, and the one that it is sent with where that is another', async () => {
    const { entries } = jogg.declaration
    writeFileSync(join(folder, 'hiding.json'), JSON.stringify({ ...jogg.declaration, entries: { ...entries, recordNotFound: { ...entries.recordNotFound, sentAs: 200 } } }))
    const { out } = await run(['entries', 'hiding.json'])
    expect(out).toMatch(/^rateLimitExceeded +429 +429 /m)
    expect(out).toMatch(/^recordNotFound +404 as 200 +10104 /m)
  })

  it('gives them whole as JSON, with the rules that the reason decides', async () => {
    const entries = JSON.parse((await run(['entries', 'chatads', '--json'])).out) as unknown[]
    expect(entries).toHaveLength(chatads.entries.size)
    expect(entries[0]).toMatchObject({ id: 'invalidInput', retry: 'never', action: 'fix_request', alsoFor: expect.arrayContaining(['field.*']) })
  })
})

describe('contract answer', () => {
  it('leaves the choice to the contract where a reason is named, and takes an entry at its word', async () => {
    expect((await run(['answer', 'chatads', 'quota.exhausted', 'period=day', 'used=120', 'limit=100'])).out).toContain('"code":"DAILY_QUOTA_EXCEEDED"')
    expect((await run(['answer', 'chatads', 'notFound'])).out).toMatch(/^HTTP\/1\.1 404 Not Found\nContent-Type: application\/json\n[\s\S]*\n\n\{.*\}\n$/)
  })

  it('takes a fact as JSON, as an instant, or as it stands', async () => {
    const { out } = await run(['answer', 'problem', 'quota.exhausted', 'limit=3', 'resetAtMs=2036-12-01', 'plan=free', 'meter="7"', 'retryAfterMs=7000'])
    expect(out).toContain('\nRetry-After: 7\n')
    expect(JSON.parse(out.split('\n\n')[1] ?? '')).toMatchObject({ limit: 3, reset_at: '2036-12-01T00:00:00Z', plan: 'free', meter: '7' })
  })

  it('shows the rate headers where the facts know them, and the same id each time', async () => {
    const facts = ['limit=3', 'remaining=0', 'resetAtMs=2036-12-01', 'retryAfterMs=1']
    const { out } = await run(['answer', 'problem', 'rate.limited', ...facts])
    expect(out).toContain('X-RateLimit-Limit: 3\nX-RateLimit-Remaining: 0\nX-RateLimit-Reset: 2111702400\n')
    expect((await run(['answer', 'problem', 'rate.limited', ...facts])).out).toBe(out)
  })

  it.each([
    [['rate.limitd'], '"rate.limitd" is neither an entry of "chatads" nor a reason; did you mean "rate.limited"?'],
    [['rate.limited', 'limit'], '"limit" is no fact; write name=value'],
  ])('says what is wrong with %s', async (argv, message) => {
    expect(await run(['answer', 'chatads', ...argv])).toEqual({ code: 2, out: '', error: `tollgate: ${message}\n` })
  })
})

describe('contract read', () => {
  it('understands what contract answer prints', async () => {
    const { out } = await run(['answer', 'chatads', 'dailyQuotaExceeded', 'used=120', 'limit=100'])
    const read = await run(['read', 'chatads', '--json'], out)
    expect(JSON.parse(read.out)).toMatchObject({ entry: 'dailyQuotaExceeded', reason: 'quota.exhausted', retry: 'never', status: 429 })
    expect((await run(['read', 'chatads'], out)).out).toMatch(/^entry {8}dailyQuotaExceeded\ncode {9}DAILY_QUOTA_EXCEEDED\nstatus {7}429\n/)
  })

  it('says so where the code is not one of the contract', async () => {
    const { out } = await run(['read', 'chatads'], 'HTTP/2 418\r\n\r\n{"success":false,"data":null,"error":{"code":"TEA","message":"a\\nb\\u001b","details":{}},"meta":{"request_id":"r"}}')
    expect(out).toMatch(/^entry {8}none has this code\ncode {9}TEA\nstatus {7}418\n[\s\S]*\nmessage {6}a b\?\n/)
  })

  it.each([
    ['a success', 'HTTP/1.1 200 OK\n\n{"success":true,"data":{},"error":null}', 1, 'this is no refusal of "chatads": it says what only a success says: success is true'],
    ['a bare body', '{"success":false}', 2, 'stdin is no HTTP answer: it begins with a line such as "HTTP/1.1 429 Too Many Requests"; let curl print it with -i'],
    ['nothing', '', 2, 'stdin is no HTTP answer: it begins with a line such as "HTTP/1.1 429 Too Many Requests"; let curl print it with -i'],
  ])('does not take %s for a refusal', async (_, stdin, code, message) => {
    expect(await run(['read', 'chatads'], stdin)).toEqual({ code, out: '', error: `tollgate: ${message}\n` })
  })
})

describe('the end of a WebSocket', () => {
  const answered = ['answer', 'openai', 'rate.limited', '--web-socket']

  it('is a message and a close, a line each, and is read back', async () => {
    const { out } = await run(answered)
    expect(out).toMatch(/^frame {2}\{"event_id":"req_\w+","type":"error","error":\{.*"code":"rate_limit_exceeded".*\}\}\nclose {2}1008 \w+\.rate_limit_exceeded\n$/)
    const [frame, close] = out.split('\n')
    const [fromFrame, fromClose] = [await run(['read', 'openai', '--web-socket'], out), await run(['read', 'openai', '--web-socket'], close)]
    expect(fromFrame.out).toContain('entry        rateLimitExceeded\n')
    expect(fromFrame.out).toContain('form         envelope.webSocket.frame\n')
    expect(fromClose.out).toContain('form         envelope.webSocket.close\n')
    expect(JSON.parse((await run(['read', 'openai', '--web-socket', '--json'], frame)).out)).toMatchObject({ entry: 'rateLimitExceeded', explanation: { form: 'envelope.webSocket.frame' } })
  })

  it('that says no refusal is said to be none', async () => {
    for (const stdin of ['', 'close', 'close 1000', 'frame {"type":"session.created"}', 'hello']) {
      expect(await run(['read', 'openai', '--web-socket'], stdin)).toMatchObject({ code: 1, out: '', error: expect.stringContaining('this is no refusal of "openai"') })
    }
  })

  it('is none of a contract without a form for it', async () => {
    const none = { code: 1, out: '', error: 'tollgate: "chatads" has no form for WebSockets; write envelope: { webSocket: {} }\n' }
    expect(await run(['answer', 'chatads', 'internal', '--web-socket'])).toEqual(none)
    expect(await run(['read', 'chatads', '--web-socket'], 'close 1008 x')).toEqual(none)
  })

  it('loses what the check says', async () => {
    expect((await run(['check', 'openai'])).out).toMatch(/\nLost in the message of a WebSocket: .*\nLost in its close: .*message.*\n$/)
    expect((await run(['check', 'chatads'])).out).not.toContain('WebSocket')
    expect(JSON.parse((await run(['check', 'openai', '--json'])).out)).toMatchObject({ webSocketLoss: { close: expect.arrayContaining(['message']) } })
  })
})
