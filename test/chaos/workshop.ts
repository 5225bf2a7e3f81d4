/** What a service does with a request, however it came: it works, fails and dawdles as it is told, and writes down what it did. */
import { plainConduct, type Conduct } from './conduct.ts'
import type { Act, Run } from './history.ts'
import { isKindName, kindOf } from './shop.ts'
import type { Time } from './time.ts'

export type Moment = 'received' | 'worked' | 'begun' | 'answered' | 'settled'

/** A request as it came. */
export interface Incoming {
  readonly path: string
  readonly headers: { readonly [name: string]: string | undefined }
}

/** Where the answer goes; nobody may be listening any more. */
export interface Outgoing {
  head(status: number, headers: { readonly [name: string]: string }): void
  write(text: string): void
  end(text: string): void
  /** Breaks the connection. */
  reset(): void
}

/** What stands around the service. `post` rejects where nobody is heard. */
export interface Surroundings extends Time {
  post(url: string, body: string): Promise<{ readonly status: number; readonly type: string; readonly body: string }>
}

export interface Workshop {
  readonly runs: readonly Run[]
  handle(request: Incoming, response: Outgoing): void
  conductBy(next: (run: Run) => Conduct): void
  /** Told at each moment of a run; the service waits for the listener. */
  onMoment(listen: (moment: Moment, run: Run) => unknown): void
  /** Resolves when no price is still to be said. */
  settled(): Promise<void>
  close(): void
}

/** What was worked out for an order, for services that remember it. */
interface Work {
  readonly conduct: Conduct
  readonly first: Run
}

const ACT_AGAIN_MS = 60
const HOUR_MS = 3_600_000

export function createWorkshop({ nowMs, pause, post }: Surroundings): Workshop {
  const runs: Run[] = []
  const works = new Map<string, Work>()
  const settling = new Set<Promise<void>>()
  let conductOf: (run: Run) => Conduct = () => plainConduct
  let tell: (moment: Moment, run: Run) => unknown = () => undefined
  const closing = new AbortController()

  /** Asks again for as long as nobody has said what became of it, or could do it. */
  async function insist(run: Run, action: Act['action'], about: Pick<Act, 'units'>): Promise<void> {
    while (!closing.signal.aborted && [undefined, 503].includes((await act(run, action, about)).status)) await pause(ACT_AGAIN_MS)
  }

  async function settle(run: Run, { settles, saidUnits, delayMs }: Conduct): Promise<void> {
    if (settles === 'never') return
    await pause(delayMs)
    await insist(run, settles, settles === 'charge' ? { units: saidUnits } : {})
    await tell('settled', run)
  }

  /** Undefined: done. Else what the answer says instead. */
  async function moveLease(run: Run, path: string, { leaseMs = HOUR_MS }: Conduct): Promise<number | undefined> {
    const expiresAtMs = nowMs() + leaseMs
    const [, , , id = ''] = path.split('/')
    const done =
      run.kind === 'open'
        ? await act(run, 'lease', { lease: sessionOf(run), expiresAtMs })
        : run.kind === 'renew'
          ? await act(run, 'renew', { lease: id, expiresAtMs })
          : await act(run, 'end', { lease: id })
    // The id is this order's own: another call of it has bound it.
    if (done.status === 200 || (run.kind === 'open' && done.status === 409)) return undefined
    return done.status === 404 || done.status === 410 ? 410 : 500
  }

  async function work(run: Run, { conduct, first }: Work, own: Conduct, request: Incoming, response: Outgoing): Promise<void> {
    const { pricing } = kindOf(run.kind)
    const isSettledByCall = pricing === 'later'
    if (['open', 'renew', 'close'].includes(run.kind) && first === run) {
      const refused = await moveLease(run, request.path, conduct)
      if (refused !== undefined) {
        works.delete(run.order)
        return refuse(run, response, refused)
      }
    }
    const { settles } = own
    if (isSettledByCall && own.settlesFirst) await settle(run, { ...conduct, settles })
    await tell('worked', run)
    if (pricing === 'said') run.saidUnits = conduct.saidUnits
    if (pricing === 'usage') run.tokens = conduct.tokens
    if (own.does === 'vanish' || own.does === 'hang') {
      if (own.does === 'vanish') response.reset()
    } else await answer(run, first, conduct, own.does === 'break', request, response)
    if (!isSettledByCall || own.settlesFirst) return
    const later = settle(run, { ...conduct, settles })
    settling.add(later)
    void later.then(() => settling.delete(later))
  }

  async function answer(run: Run, first: Run, conduct: Conduct, breaks: boolean, request: Incoming, response: Outgoing): Promise<void> {
    const { pricing } = kindOf(run.kind)
    const about = { order: run.order, run: first.seq, call: first.callId }
    run.status = 200
    const price = pricing === 'later' ? 'later' : pricing === 'said' ? (conduct.saidUnits / 100).toFixed(2) : undefined
    const headers = price === undefined ? {} : { 'tollgate-price': price }
    if (run.kind === 'stream') return stream(run, conduct, breaks, about, response)
    const shown = run.kind === 'look' ? { meters: JSON.parse(request.headers['tollgate-usage'] ?? '') as unknown } : run.kind === 'open' ? { session: sessionOf(run) } : {}
    const body = JSON.stringify({ ...about, ...shown, ...(pricing === 'usage' && { usage: { tokens: conduct.tokens } }), padding: 'x'.repeat(200) })
    response.head(200, { ...headers, 'content-type': 'application/json', 'content-length': String(body.length) })
    response.write(body.slice(0, 40))
    await tell('begun', run)
    if (breaks) return response.reset()
    await end(run, response, body.slice(40))
  }

  async function stream(run: Run, { events, tokens }: Conduct, breaks: boolean, about: object, response: Outgoing): Promise<void> {
    response.head(200, { 'content-type': 'text/event-stream' })
    run.events = 0
    for (let at = 0; at < events; at += 1) {
      response.write(`data: {"delta":${at}}\n\n`)
      run.events += 1
      if (at === 0) await tell('begun', run)
      await pause(2)
    }
    if (breaks) return response.reset()
    await end(run, response, `data: ${JSON.stringify({ ...about, usage: { tokens } })}\n\ndata: [DONE]\n\n`)
  }

  async function end(run: Run, response: Outgoing, rest: string): Promise<void> {
    run.whole = true
    response.end(rest)
    await tell('answered', run)
  }

  async function handle(run: Run, request: Incoming, response: Outgoing): Promise<void> {
    await tell('received', run)
    const own = conductOf(run)
    await pause(own.delayMs)
    if (own.does === 'fail') return refuse(run, response, 500)
    if (own.does === 'unavailable') return refuse(run, response, 503)
    if (own.does === 'refuse') return refuse(run, response, 400)
    const isRemembered = kindOf(run.kind).remembers
    const known = isRemembered ? works.get(run.order) : undefined
    const done = known ?? { conduct: own, first: run }
    if (isRemembered) works.set(run.order, done)
    await work(run, done, own, request, response)
  }

  function toRun({ headers }: Incoming): Run {
    const order = headers['x-order'] ?? ''
    const kind = order.slice(0, order.lastIndexOf('-'))
    if (!isKindName(kind)) throw new Error(`the order ${order} is of no kind`)
    const asked = { callId: headers['tollgate-request-id'] ?? '', callUrl: headers['tollgate-call'], key: headers['idempotency-key'] }
    return { seq: runs.length + 1, atMs: nowMs(), order, kind, account: headers['tollgate-account'] ?? '', ...asked, acts: [] }
  }

  async function act(run: Run, action: Act['action'], about: Pick<Act, 'units' | 'lease' | 'expiresAtMs'>): Promise<Act> {
    const { units, lease, expiresAtMs } = about
    const expiry = expiresAtMs !== undefined && { expiresAt: new Date(expiresAtMs).toISOString() }
    const body = { charge: { amount: ((units ?? 0) / 100).toFixed(2) }, release: {}, lease: { id: lease, ...expiry }, renew: { lease, ...expiry }, end: { lease } }[action]
    let heard: Pick<Act, 'status' | 'type' | 'body'>
    try {
      heard = await post(`${run.callUrl}/${action === 'end' ? 'release' : action}`, JSON.stringify(body))
    } catch {
      heard = { status: undefined }
    }
    const acted = { action, ...about, ...heard }
    run.acts.push(acted)
    return acted
  }

  return {
    runs,
    handle(request, response) {
      const run = toRun(request)
      runs.push(run)
      void handle(run, request, response)
    },
    conductBy: (next) => void (conductOf = next),
    onMoment: (listen) => void (tell = listen),
    async settled() {
      while (settling.size > 0) await Promise.all(settling)
    },
    close: () => closing.abort(),
  }
}

const sessionOf = ({ order }: Run): string => `ses_${order}`

/** A service of its own names the entry; 500 and 503 are bare, as from a program that knows nothing of contracts. */
function refuse(run: Run, response: Outgoing, status: number): void {
  run.status = status
  run.whole = true
  const isBare = status >= 500
  response.head(status, { 'content-type': isBare ? 'text/html' : 'application/problem+json' })
  response.end(isBare ? '<html>Something went wrong.</html>' : JSON.stringify({ code: status === 400 ? 'request.invalid' : 'session.expired', issue: 'is not to my taste' }))
}
