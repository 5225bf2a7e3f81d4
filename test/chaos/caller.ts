/** Callers who pay, ask again under the same key, go away, and sometimes ask for nonsense. They write down every answer. */
import { promised } from '../../packages/gateway/src/fixtures/paid-program.ts'
import { isWhole, type Attempt, type Order, type Probe, type Reply } from './history.ts'
import type { Random } from './random.ts'
import { accounts, kindOf, type AccountName, type KindName } from './shop.ts'

/** How callers reach the program. */
export interface Line {
  nowMs(): number
  /** `path`: with the mount. The caller goes away after so many ms, if it has no answer by then. */
  ask(request: Asked, leaveAfterMs: number | undefined): Promise<Reply>
}

export interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: { readonly [name: string]: string }
  readonly body: string | undefined
}

export interface Caller {
  readonly orders: readonly Order[]
  readonly probes: readonly Probe[]
  /** Asks and asks until it is stopped; meanwhile only as long as there is a program to ask. */
  begin(): void
  open(): void
  shut(): void
  /** So many answers from now on. */
  heard(answers: number): Promise<void>
  stop(): Promise<void>
  order(kind: KindName, account?: AccountName): Order
  ask(order: Order, abortAfterMs?: number): Promise<Reply>
}

const WORKERS = 12
/** Who asks again asks for one of the last. */
const REMEMBERED = 200

const weights: { readonly [name in KindName]: number } = {
  plain: 6, slot: 4, words: 8, said: 10, usage: 5, stream: 8, kept: 8, again: 8, againKept: 6, later: 8, laterKept: 6, againLater: 6, open: 6, renew: 5, close: 3, look: 2,
}

/** `workers`: so many ask at once. */
export function createCaller(line: Line, random: Random, workers = WORKERS): Caller {
  const orders: Order[] = []
  const probes: Probe[] = []
  let stopped = false
  let working: Promise<unknown> = Promise.resolve()
  let door = promised()
  let answers = 0
  let waiting: { readonly until: number; readonly resolve: () => void } | undefined

  /** One of the account's own, living or not. */
  function openedBy(account: AccountName): Order | undefined {
    const mine = orders.slice(-REMEMBERED).filter(({ kind, account: of, attempts }) => kind === 'open' && of === account && attempts.some(({ reply }) => isWhole(reply)))
    return mine.length === 0 || random.chance(0.1) ? undefined : random.oneOf(mine.slice(-6))
  }

  function create(kind: KindName, account: AccountName = random.chance(0.2) ? 'poor' : 'rich'): Order {
    const id = `${kind}-${orders.length + 1}`
    const { on, keyed } = kindOf(kind)
    const [, path = ''] = on.split(' ')
    const opened = path.includes('{id}') ? openedBy(account) : undefined
    const order: Order = {
      id,
      kind,
      account,
      key: keyed ? `key of ${id}` : undefined,
      path: path.replace('{id}', `ses_${opened?.id ?? 'none'}`),
      body: bodyOf(kind, opened, random),
      attempts: [],
    }
    orders.push(order)
    return order
  }

  async function send(order: Order, change: { readonly body?: object; readonly apiKey?: string } = {}, abortAfterMs?: number): Promise<Attempt> {
    const startMs = line.nowMs()
    const [method = ''] = kindOf(order.kind).on.split(' ')
    const body = change.body ?? order.body
    const headers = {
      'x-api-key': change.apiKey ?? keyOf(order.account),
      'x-order': order.id,
      ...(order.key !== undefined && { 'idempotency-key': order.key }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    }
    const reply = await line.ask({ method, path: `/shop${order.path}`, headers, body: body && JSON.stringify(body) }, abortAfterMs)
    if (reply.kind === 'answer') answers += 1
    if (waiting !== undefined && answers >= waiting.until) waiting.resolve()
    return { startMs, endMs: line.nowMs(), reply }
  }

  async function askFor(order: Order, abortAfterMs?: number): Promise<Reply> {
    const attempt = await send(order, {}, abortAfterMs)
    order.attempts.push(attempt)
    return attempt.reply
  }

  /** Must be refused, whatever happens around it. */
  async function probe(): Promise<void> {
    const tried = async (about: string, codes: readonly string[], order: Order, change: Parameters<typeof send>[1]): Promise<void> => {
      probes.push({ about, codes: [...codes, 'rate.limited'], attempt: await send(order, change) })
    }
    const unheard = (kind: KindName): Order => ({ id: `${kind}-0`, kind, account: 'rich', key: undefined, path: kindOf(kind).on.split(' ')[1] ?? '', body: { text: 'x' }, attempts: [] })
    const answered = orders.slice(-REMEMBERED).filter(({ key, kind, attempts }) => key !== undefined && kindOf(kind).pricing !== 'later' && attempts.some(({ reply }) => isWhole(reply)))
    if (answered.length > 0 && random.chance(0.5)) {
      const order = random.oneOf(answered.slice(-20))
      return tried(`another body under the key of ${order.id}, which is answered`, ['idempotency.mismatch'], order, { body: { ...order.body, more: true } })
    }
    if (random.chance(0.4)) return tried('a key that nobody has', ['credential.invalid'], unheard('said'), { apiKey: 'sk_nobody' })
    if (random.chance(0.5)) return tried('a body that is not as it must be', ['field.missing'], unheard('words'), { body: { txt: 'x' } })
    return tried('a path that is none', ['route.unknown'], { ...unheard('plain'), path: '/v1/nothing' }, {})
  }

  async function work(): Promise<void> {
    for (;;) {
      await door.promise
      if (stopped) return
      if (random.chance(0.05)) {
        await probe()
        continue
      }
      const again = random.chance(0.4) ? repeatable() : undefined
      const order = again ?? create(random.weighted(weights))
      await askFor(order, random.chance(0.05) ? random.whole(1, 60) : undefined)
    }
  }

  /** Rather one that has no answer yet. */
  function repeatable(): Order | undefined {
    const keyed = orders.slice(-REMEMBERED).filter(({ key }) => key !== undefined)
    const open = keyed.filter(({ attempts }) => !attempts.some(({ reply }) => isWhole(reply)))
    const among = open.length > 0 && random.chance(0.7) ? open.slice(-30) : keyed.slice(-60)
    return among.length === 0 ? undefined : random.oneOf(among)
  }

  return {
    orders,
    probes,
    begin: () => void (working = Promise.all(Array.from({ length: workers }, work))),
    open: () => door.resolve(),
    shut: () => void (door = promised()),
    heard: (more) => new Promise((resolve) => void (waiting = { until: answers + more, resolve })),
    async stop() {
      stopped = true
      door.resolve()
      await working
    },
    order: create,
    ask: askFor,
  }
}

function keyOf(account: string): string {
  return account === 'poor' ? accounts.poor.key : accounts.rich.key
}

function bodyOf(kind: KindName, opened: Order | undefined, random: Random): Order['body'] {
  if (kind === 'close' || kind === 'look') return undefined
  if (kind === 'open' || kind === 'renew') return { product: opened?.body?.['product'] ?? random.oneOf(['P-1', 'P-2']), days: random.whole(1, 3) }
  return { text: 'x'.repeat(random.whole(1, 90)) }
}
