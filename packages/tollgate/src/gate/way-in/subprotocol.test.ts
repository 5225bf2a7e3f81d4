import { describe, expect, it } from 'vitest'
import type { ApiOptions } from '../gate-options.ts'
import { credentialsAmong, handshakeOf, refusedHandshake } from './subprotocol.ts'

const api = { credentials: { prefix: 'ak_', from: [{ in: 'header', name: 'x-api-key' }, { in: 'subprotocol', prefix: 'tollgate.key.' }] } } as unknown as ApiOptions
const plain = { credentials: { prefix: 'ak_', from: [{ in: 'header', name: 'x-api-key' }] } } as unknown as ApiOptions
const offering = (...values: string[]) => values.flatMap((value) => ['Sec-WebSocket-Protocol', value])

describe('a key in a handshake', () => {
  it('is what stands behind the agreed prefix, in whichever line', () => {
    expect(credentialsAmong(offering('chat, tollgate.key.ak_1'), 'tollgate.key.')).toEqual(['ak_1'])
    expect(credentialsAmong(offering('chat', ' ,tollgate.key.ak_1 , tollgate.key.ak_2'), 'tollgate.key.')).toEqual(['ak_1', 'ak_2'])
    expect(credentialsAmong(offering('Tollgate.Key.ak_1, tollgate.key'), 'tollgate.key.')).toEqual([])
  })

  it('is taken out, and so is the bare name: what remains is the service’s', () => {
    expect(handshakeOf(api, offering('chat, tollgate.key, tollgate.key.ak_1', 'v2'))).toEqual({ offered: ['chat', 'v2'], own: 'tollgate.key' })
    expect(handshakeOf(api, offering('chat, tollgate.key.ak_1'))).toEqual({ offered: ['chat'], own: undefined })
    expect(handshakeOf(api, [])).toEqual({ offered: [], own: undefined })
    expect(handshakeOf(plain, offering('chat, tollgate.key.ak_1'))).toBeUndefined()
    expect(handshakeOf({} as ApiOptions, offering('chat'))).toBeUndefined()
  })

  it('that is offered alone is refused with the mend, which does not say the key: a browser would give up whatever is answered', () => {
    const refusal = refusedHandshake(api, offering('tollgate.key.ak_secret'))
    expect(refusal).toMatchObject({ reason: 'request.invalid', facts: { issue: 'the subprotocol with the credential is not sent back; offer tollgate.key beside it' } })
    expect(JSON.stringify(refusal)).not.toContain('ak_secret')
    for (const good of [offering('chat, tollgate.key.ak_1'), offering('tollgate.key.ak_1', 'tollgate.key'), offering('chat'), []]) expect(refusedHandshake(api, good)).toBeUndefined()
    expect(refusedHandshake(plain, offering('tollgate.key.ak_1'))).toBeUndefined()
  })
})
