import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { chatadsRecipes } from './apis/chatads/recipes.ts'
import { quoteWord, toCurl } from './curl.ts'
import type { RecipeRequest } from './recipe.ts'

const URL = 'http://localhost:8080'

interface ShellCall {
  readonly words: readonly string[]
  /** What stood on standard input, hex; empty when nothing was piped in. */
  readonly stdin: string
}

/** What a shell makes of lines: each `curl` of them, which answers with `answer`. Neither waits nor the network are real. */
function callsOf(lines: string, answer = ''): readonly ShellCall[] {
  const script = [
    'exec 3>&1 >/dev/null',
    "nl='\n'",
    `curl() { stdin=; case "$*" in *@-*) stdin=$(od -An -v -tx1 | tr -d ' \\n');; esac; printf '%s\\0' "$@" "$stdin" "$nl" >&3; printf %s ${quoteWord(answer)}; }`,
    'sleep() { curl slept "$1" >/dev/null; }',
    lines,
  ].join('\n')
  const out = execFileSync('sh', ['-c', script], { encoding: 'utf8' })
  return out.split('\n\0').slice(0, -1).map((call) => {
    const words = call.split('\0').slice(0, -1)
    return { words: words.slice(0, -1), stdin: words.at(-1) ?? '' }
  })
}

const wordsOf = (lines: string, answer?: string) => callsOf(lines, answer).map(({ words }) => words)
const get = (path: string): RecipeRequest => ({ method: 'GET', path, headers: {} })

test.each(["it's", '$HOME `id` "x" \\', 'two words', '', 'a\nb', '-n', '*'])('a shell takes %j quoted for exactly that', (text) => {
  expect(wordsOf(`curl ${quoteWord(text)}`)).toEqual([[text]])
})

test.each(chatadsRecipes)('the line of "$title" sends exactly the request of the recipe', (recipe) => {
  const { method, path, headers, body } = recipe.request
  const sent = [
    '-i',
    ...(method === (body === undefined ? 'GET' : 'POST') ? [] : ['-X', method]),
    `${URL}${path}`,
    ...Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
    ...(body === undefined ? [] : ['-d', body]),
  ]
  expect(wordsOf(toCurl(URL, recipe))).toEqual(Array.from({ length: recipe.repeat ?? 1 }, () => sent))
})

test('what an earlier answer said goes into path, header and body of the next call, whatever else they hold', () => {
  const lines = toCurl(URL, {
    before: [{ request: { method: 'POST', path: '/sessions', headers: {}, body: '{}' }, capture: { session: 'session_id' } }],
    request: { method: 'POST', path: '/sessions/{{session}}/renew', headers: { 'x-for': "it's {{session}}" }, body: '{"id":"{{session}}","price":"$5"}' },
  })
  expect(wordsOf(lines, '{"data": {"session_id":"ses_1","status":"creating"}}').at(-1)).toEqual([
    '-i', `${URL}/sessions/ses_1/renew`, '-H', "x-for: it's ses_1", '-d', '{"id":"ses_1","price":"$5"}',
  ])
})

test('several values can be kept of one answer, numbers too', () => {
  const lines = toCurl(URL, { before: [{ request: get('/a'), capture: { video: 'video_id', name: 'name' } }], request: get('/v/{{video}}/{{name}}') })
  expect(wordsOf(lines, '{"video_id":17,"name":"dawn"}')).toEqual([['-s', `${URL}/a`], ['-i', `${URL}/v/17/dawn`]])
})

test('calls that come first are repeated and waited for', () => {
  const lines = toCurl(URL, { before: [{ request: get('/a'), repeat: 2, thenWaitSeconds: 3 }], request: get('/b') })
  expect(wordsOf(lines)).toEqual([['-i', `${URL}/a`], ['-i', `${URL}/a`], ['slept', '3'], ['-i', `${URL}/b`]])
})

test('calls at once are all sent, and the shell waits for them', () => {
  expect(wordsOf(toCurl(URL, { request: get('/slow'), parallel: 5 }))).toEqual(Array.from({ length: 5 }, () => ['-i', `${URL}/slow`]))
})

test('a fresh value is the same within one run', () => {
  const headers = { 'idempotency-key': 'demo-{{fresh}}' }
  const [first, second] = wordsOf(toCurl(URL, { before: [{ request: { ...get('/a'), headers } }], request: { ...get('/a'), headers } }))
  expect(first?.at(-1)).toMatch(/^idempotency-key: demo-\d+-\d+$/)
  expect(second).toEqual(first)
})

test('a file goes in by standard input, byte for byte, and grows by zeros', () => {
  const begins = "\u0089PNG\r\n\u001A\n it's 100% \\n"
  const lines = toCurl(URL, {
    request: { method: 'POST', path: '/files', headers: {}, form: [{ kind: 'text', name: 'purpose', value: '@home; sweet' }, { kind: 'file', name: 'file', file: { filename: 'a b.png', type: 'image/png', begins, zeros: 3 } }] },
  })
  expect(callsOf(lines)).toEqual([
    {
      words: ['-i', `${URL}/files`, '--form-string', 'purpose=@home; sweet', '-F', 'file=@-;filename=a b.png;type=image/png'],
      stdin: `${Buffer.from(begins, 'latin1').toString('hex')}000000`,
    },
  ])
})

test('a stream is shown as it comes', () => {
  expect(wordsOf(toCurl(URL, { request: { ...get('/chat'), stream: true } }))).toEqual([['-iN', `${URL}/chat`]])
})
