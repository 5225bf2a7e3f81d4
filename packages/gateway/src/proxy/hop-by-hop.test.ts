import { array, assert, constantFrom, property, string, tuple } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toCallerHeaders, toUpstreamHeaders } from './hop-by-hop.ts'
import { headFromNode } from '../http/request-head.ts'

const added = ['tollgate-request-id', 'req_1', 'x-forwarded-for', '192.0.2.1', 'accept-encoding', 'identity']
const withheld = ['x-api-key', 'authorization', 'idempotency-key']

function upstreamHeaders(rawHeaders: readonly string[], trusted = false): readonly string[] {
  const head = headFromNode({ method: 'GET', url: '/', httpVersion: '1.1', rawHeaders })
  return toUpstreamHeaders(head, trusted, withheld, added)
}

/** What lighttpd, nginx and Python's servers make of a header for a CGI program. */
function environmentOf(headers: readonly string[]): { readonly [name: string]: string } {
  return Object.fromEntries(headers.flatMap((name, at) => (at % 2 === 0 ? [[`HTTP_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`, headers[at + 1] ?? '']] : [])))
}

const protectedNames = ['tollgate-scopes', 'tollgate-user', 'tollgate-call', 'tollgate-account', 'x-api-key', 'authorization', 'idempotency-key', 'x-forwarded-for', 'x-forwarded-proto', 'x-real-ip', 'accept-encoding', 'transfer-encoding', 'content-length', 'proxy', 'x-original-url', 'x-http-method-override']

describe('what a caller sends, as a CGI program reads it', () => {
  it.each(['Tollgate.Scopes', 'Tollgate~Scopes', "Tollgate'Scopes", 'tollgate_scopes', 'TOLLGATE!SCOPES', 'X.Api.Key', 'X_API~KEY', 'Idempotency.Key', 'X.Forwarded.For', 'X.Real.IP', 'Accept.Encoding', 'Content.Length', 'Transfer*Encoding', 'Proxy'])(
    '%s is not there',
    (name) => {
      expect(environmentOf(upstreamHeaders([name, 'evil', 'X-Kept', 'yes']))).toEqual({ ...environmentOf(added), HTTP_X_KEPT: 'yes' })
    },
  )

  it('no name that is neither letter nor digit but for its place makes a header of ours', () => {
    const character = constantFrom(...'-_.~!#$%&\'*+^`|')
    const spelled = constantFrom(...protectedNames).chain((name) => array(character, { minLength: name.length, maxLength: name.length }).map((marks) => [...name].map((letter, at) => (letter === '-' ? marks[at] : letter)).join('')))
    assert(
      property(array(tuple(spelled, string()), { maxLength: 8 }), (sent) => {
        expect(environmentOf(upstreamHeaders(sent.flat()))).toEqual(environmentOf(added))
      }),
    )
  })

  it('a trusted proxy speaks for itself in its own spelling only', () => {
    const sent = ['X-Real-IP', '203.0.113.9', 'X.Real.IP', 'evil', 'X-Forwarded-Prefix', '/api', 'X_Forwarded_Prefix', 'evil', 'X-Forwarded-User', 'anna', 'X~Forwarded~User', 'evil']
    expect(environmentOf(upstreamHeaders(sent, true))).toEqual({ ...environmentOf(added), HTTP_X_REAL_IP: '203.0.113.9', HTTP_X_FORWARDED_PREFIX: '/api', HTTP_X_FORWARDED_USER: 'anna' })
    expect(environmentOf(upstreamHeaders(sent))).toEqual(environmentOf(added))
  })

  it('other names pass as they were written', () => {
    const sent = ['X.Custom', '1', 'x_custom', '2', 'Toll.Gate', '3', 'X-Admitted', '4', 'Content-Type', 'text/plain']
    expect(upstreamHeaders(sent)).toEqual([...sent, ...added])
  })
})

it('a service’s word to the gateway does not reach the caller in any spelling', () => {
  const { headers } = toCallerHeaders(200, ['Tollgate-Price', '1', 'Tollgate.Price', '1', 'tollgate_price', '1', 'X-Kept', 'yes'], [])
  expect(headers).toEqual(['X-Kept', 'yes'])
})
