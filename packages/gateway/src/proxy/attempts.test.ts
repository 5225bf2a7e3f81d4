import { describe, expect, it } from 'vitest'
import { createManualClock } from 'tollgate/testing'
import { Attempts } from './attempts.ts'
import type { ConnectionNeed, ConnectionUser } from './kept-connections.ts'
import type { OutgoingMessage } from './outgoing-message.ts'
import type { KeptConnection } from './upstream-connection.ts'

const request: OutgoingMessage = { path: '/1', method: 'GET', headers: [], body: null, upgrade: null }
const user: ConnectionUser = {
  onConnection: () => undefined,
  onConnect: () => undefined,
  onResponseStarted: () => undefined,
  onHeaders: () => true,
  onData: () => true,
  onComplete: () => undefined,
  onError: () => undefined,
  onUpgrade: () => undefined,
}

function asked() {
  const clock = createManualClock(0)
  const dispatched: [OutgoingMessage, ConnectionUser, ConnectionNeed][] = []
  const upstream = { origin: 'http://10.0.0.1:90', basePath: '/v2', dispatch: (...given: [OutgoingMessage, ConnectionUser, ConnectionNeed]) => void dispatched.push(given) }
  return { clock, dispatched, attempts: new Attempts(upstream, '/1?key=secret', clock) }
}

function connection(kept: boolean): KeptConnection & { readonly sent: () => number } {
  let sent = 0
  return { kept, expectAnswer: () => void (sent += 1), sent: () => sent }
}

describe('the attempts of a call', () => {
  it('ask as they are told, and a second time on a new connection', () => {
    const { attempts, dispatched } = asked()
    attempts.begin(request, user, 'any')
    attempts.repeat(user)
    expect(dispatched).toEqual([[request, user, 'any'], [request, user, 'new']])
    expect(dispatched[1]?.[0]).toBe(request)
  })

  it.each([
    { name: 'a kept connection closed just as it was used', kept: true, responded: false, may: true },
    { name: 'a new connection closed', kept: false, responded: false, may: false },
    { name: 'a byte of an answer had come', kept: true, responded: true, may: false },
  ])('may be repeated where $name: $may', ({ kept, responded, may }) => {
    const { attempts } = asked()
    attempts.begin(request, user, 'any')
    attempts.goesBy(connection(kept))
    if (responded) attempts.responded()
    expect(attempts.mayRepeat).toBe(may)
  })

  it('may be repeated once', () => {
    const { attempts } = asked()
    attempts.begin(request, user, 'any')
    attempts.goesBy(connection(true))
    attempts.record('reset')
    attempts.repeat(user)
    attempts.goesBy(connection(true))
    expect(attempts.mayRepeat).toBe(false)
  })

  it('tell the connection when its request goes out', () => {
    const { attempts } = asked()
    const goes = connection(false)
    attempts.begin(request, user, 'trusted')
    attempts.goesBy(goes)
    expect(goes.sent()).toBe(0)
    attempts.sent()
    expect(goes.sent()).toBe(1)
  })

  it('are each written down once: where it went, without its query, how it ended, how long it took', () => {
    const { attempts, clock } = asked()
    attempts.begin(request, user, 'any')
    clock.advance(5)
    attempts.record('reset')
    attempts.record('timeout')
    clock.advance(100)
    attempts.repeat(user)
    clock.advance(7)
    attempts.answered(204)
    attempts.record(undefined)
    attempts.record('garbage')
    expect(attempts.list).toEqual([
      { target: 'http://10.0.0.1:90/v2/1', error: 'reset', durationMs: 5 },
      { target: 'http://10.0.0.1:90/v2/1', status: 204, durationMs: 7 },
    ])
  })

  it('are none where nothing was asked', () => {
    const { attempts } = asked()
    attempts.record('client_gone')
    expect(attempts.list).toEqual([])
  })
})
