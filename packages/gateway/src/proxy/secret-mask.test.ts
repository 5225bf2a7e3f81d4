import { array, assert, integer, property } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SecretMask } from './secret-mask.ts'

const secret = 'sk/prov+ider"key'
const mask = new SecretMask([secret, 'short'])

describe('what an upstream repeats of a secret', () => {
  it.each([
    ['as it is', `key ${secret}!`, 'key ***!'],
    ['as JSON writes it', JSON.stringify({ said: secret }), '{"said":"***"}'],
    ['as some JSON writes it', String.raw`"sk\/prov+ider"key"`, '"***"'],
    ['as a URL writes it', `/x?key=${encodeURIComponent(secret)}&y=1`, '/x?key=***&y=1'],
    ['twice, among other bytes', `é${secret}é${secret}`, 'é***é***'],
  ])('is taken out of a body: %s', (_, body, shown) => {
    expect(Buffer.from(mask.body(Buffer.from(body))).toString()).toBe(shown)
  })

  it('is taken out of header values; a text too short to be told from others is not looked for', () => {
    expect(mask.headers(['x-echo', `a ${secret}`, 'x-other', 'short'])).toEqual(['x-echo', 'a ***', 'x-other', 'short'])
  })

  it('is taken out of a body that goes through, of the same length, wherever its chunks end', () => {
    const text = `${secret.slice(0, 5)} sk/${secret}${secret} and ${encodeURIComponent(secret)}; sk/prov`
    const whole = Buffer.from(text)
    assert(
      property(array(integer({ min: 0, max: whole.length }), { maxLength: 8 }), (cuts) => {
        const filter = mask.filter()
        const places = [0, ...cuts.toSorted((one, other) => one - other), whole.length]
        const shown = places.slice(1).map((end, at) => filter?.push(whole.subarray(places[at], end)) ?? Buffer.alloc(0))
        const out = Buffer.concat([...shown, filter?.end() ?? Buffer.alloc(0)]).toString()
        expect(out).toHaveLength(text.length)
        expect(out).toBe(text.replaceAll(secret, '*'.repeat(secret.length)).replaceAll(encodeURIComponent(secret), '*'.repeat(encodeURIComponent(secret).length)))
      }),
    )
  })

  it('nothing waits that cannot be the beginning of one', () => {
    expect(mask.filter()?.push(Buffer.from('data: 1\n\n')).toString()).toBe('data: 1\n\n')
  })
})
