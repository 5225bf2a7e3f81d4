/**
 * A paid service behind the gateway: it translates into German, word by word, at 0.05 a word.
 *
 * Before it is asked, the gateway holds 1.00 and occupies one of the translations that the account may have under way. The answer is out before the work
 * begins; when it is done the service charges what it cost, or gives everything back.
 *
 *     node service.mjs 9201
 */
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { callOf, later, priceHeader, refusal } from 'tollgate/service'

const german = new Map(Object.entries({ good: 'guten', morning: 'Morgen', hello: 'hallo', world: 'Welt' }))
const CENTS_PER_WORD = 5
const WORDS_MAX = 20
/** If this process dies, the account may have its next translation so much later. */
const UNDER_WAY_MS_MAX = 600_000

const translations = new Map()

async function create(request) {
  const call = callOf(request.headers)
  const words = (await text(request)).split(/\s+/).filter((word) => word !== '')
  if (words.length > WORDS_MAX) return refusal('tooLong', { words: words.length, words_max: WORDS_MAX }, 422)

  const id = randomUUID()
  const { outcome } = await call.bindLease(id, new Date(Date.now() + UNDER_WAY_MS_MAX))
  if (outcome !== 'done') return { status: 503, headers: {}, body: '' }
  translations.set(id, { id, state: 'working' })
  void work(id, words, call)
  return json(202, translations.get(id), { [priceHeader]: later })
}

async function work(id, words, call) {
  const translated = words.map((word) => german.get(word))
  const price = ((words.length * CENTS_PER_WORD) / 100).toFixed(2)
  // `unreachable`: a service that keeps its work on disk keeps `call.url` with it, and asks again later.
  const isWhole = !translated.includes(undefined)
  const settled = await (isWhole ? call.charge(price) : call.release())
  // Nothing is given away that has not been paid.
  const paid = isWhole && settled.outcome === 'done'
  translations.set(id, paid ? { id, state: 'done', translation: translated.join(' ') } : { id, state: 'failed' })
  await call.endLease(id)
}

/** The gateway lets pass only who asks for a translation of their own. */
function show(id) {
  const translation = translations.get(id)
  return translation === undefined ? refusal('notFound', {}, 404) : json(200, translation)
}

function json(status, value, headers = {}) {
  return { status, headers: { ...headers, 'Content-Type': 'application/json' }, body: JSON.stringify(value) }
}

async function answer(request) {
  const path = '/v1/translations'
  if (request.method === 'POST' && request.url === path) return create(request)
  if (request.method === 'GET' && request.url.startsWith(`${path}/`)) return show(request.url.slice(path.length + 1))
  return { status: 404, headers: {}, body: '' }
}

createServer(async (request, response) => {
  const { status, headers, body } = await answer(request).catch(() => ({ status: 500, headers: {}, body: '' }))
  response.writeHead(status, headers).end(body)
}).listen(Number(process.argv[2] ?? 9201), '127.0.0.1')
