import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { createCallTokens } from './call-token.ts'

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex')
const tokens = createCallTokens('s'.repeat(32), sha256Hex)
const named = { api: 'nexalayer', accountId: 'team_1', callId: 'req_9' }

it('a token names its call, whatever stands in the ids, and fits in a path', () => {
  const id = fc.string({ unit: 'grapheme', maxLength: 20 })
  fc.assert(
    fc.property(id, id, id, (api, accountId, callId) => {
      const call = { api, accountId, callId }
      const token = tokens.format(call)
      expect(token).not.toMatch(/[/?#\s]/)
      expect(tokens.parse(token)).toEqual(call)
    }),
  )
})

it('no token that was changed, cut or made elsewhere names anything', () => {
  const token = tokens.format(named)
  for (let at = 0; at < token.length; at += 1) {
    const other = token[at] === 'a' ? 'b' : 'a'
    expect(tokens.parse(token.slice(0, at) + other + token.slice(at + 1))).toBeUndefined()
    expect(tokens.parse(token.slice(0, at))).toBeUndefined()
  }
  expect(tokens.parse(createCallTokens('t'.repeat(32), sha256Hex).format(named))).toBeUndefined()
  for (const junk of ['', ':', '::::', '%', 'a:b:c:d:', `${token}:`, ':'.repeat(5_000)]) expect(tokens.parse(junk)).toBeUndefined()
})

it('a secret that could be guessed is refused', () => {
  expect(() => createCallTokens('short', sha256Hex)).toThrow('calls.secret')
})
