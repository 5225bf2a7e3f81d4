import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from './canonical-json.ts'

describe('JSON in its one spelling', () => {
  it('says the same in any order of members, but not in any order of items', () => {
    expect(canonicalJson('{"a":[1,{"x":null,"y":"é"}],"b":2}')).toBe(canonicalJson('\n{ "b":2.0,\t"a":[1 , {"y":"\\u00e9","x":null}] }\r\n'))
    expect(canonicalJson('[1,2]')).not.toBe(canonicalJson('[2,1]'))
    expect(canonicalJson('{"__proto__":1}')).toBe('{"__proto__":1}')
    expect(canonicalJson('{"b":{},"a":[ ],"":true}')).toBe('{"":true,"a":[],"b":{}}')
  })

  it.each([
    ['1e400', 'null'],
    ['1e400', '1e401'],
    ['-1e400', '1e400'],
    ['1e400', '"1e400"'],
    ['1e-400', '0'],
    ['-0', '0'],
    ['-0.0', '0.0'],
    ['9007199254740992', '9007199254740993'],
    ['-9007199254740992', '-9007199254740993'],
    ['0.1', '0.1000000000000000055511151231257827'],
    ['123456789012345678901234567890', '123456789012345678901234567891'],
    ['1e999999999999999999998', '1e999999999999999999999'],
    ['1e-999999999999999999998', '1e-999999999999999999999'],
  ])('%s and %s are two', (one, other) => {
    expect(canonicalJson(`{"units":${one}}`)).not.toBe(canonicalJson(`{"units":${other}}`))
  })

  it.each([
    ['2', '2.0', '2e0', '20e-1', '0.2E+1', '2.000e00'],
    ['1e400', '10e399', '0.1e401', '1E+400'],
    ['9007199254740993', '9007199254740993.0', '9.007199254740993e15', '90071992547409930e-1'],
    ['0', '0.0', '0e5', '0.00e-400'],
    ['-0', '-0.0', '-0e400'],
    ['1e21', '1000000000000000000000', '1.0e+21'],
    ['-1.5e-7', '-0.00000015', '-15E-8'],
  ])('%s is also written %s', (...spellings) => {
    expect(new Set(spellings.map((spelling) => canonicalJson(spelling))).size).toBe(1)
  })

  it('what a number holds is written as JSON writes it', () => {
    for (const text of ['0', '-1', '0.1', '1e+21', '1e-7', '9007199254740991', '1.7976931348623157e+308', '5e-324']) expect(canonicalJson(text)).toBe(text)
  })

  it('different values never have one text, whatever their spelling', () => {
    const spelled = (value: unknown, gap: string): string => JSON.stringify(value, undefined, gap).replaceAll(/[/é]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue({ maxDepth: 4 }), fc.constantFrom('', ' ', '\t'), (a, b, gap) => {
        const [one, other] = [a, b].map((value) => JSON.parse(JSON.stringify(value)) as unknown)
        expect(JSON.parse(canonicalJson(spelled(one, gap)))).toEqual(one)
        expect(canonicalJson(spelled(one, gap)) === canonicalJson(JSON.stringify(other))).toBe(isDeepStrictEqual(one, other))
        expect(canonicalJson(spelled(one, gap))).toBe(canonicalJson(JSON.stringify(one)))
      }),
    )
  })

  it('numbers have one text exactly if they are one decimal', () => {
    const number = fc.tuple(fc.constantFrom('', '-'), fc.bigInt({ min: 0n, max: 10n ** 40n }), fc.integer({ min: -400, max: 400 }))
    const scaled = ([sign, digits, power]: readonly [string, bigint, number]): string => `${sign}${digits * 10n ** BigInt(power + 400)}`
    fc.assert(
      fc.property(number, number, fc.integer({ min: 0, max: 5 }), (one, other, zeros) => {
        const [sign, digits, power] = one
        expect(canonicalJson(`${sign}${digits}${'0'.repeat(zeros)}e${power - zeros}`)).toBe(canonicalJson(`${sign}${digits}E${power < 0 ? '' : '+'}${power}`))
        expect(canonicalJson(`${sign}${digits}e${power}`) === canonicalJson(`${other[0]}${other[1]}e${other[2]}`)).toBe(scaled(one) === scaled(other))
      }),
    )
  })

  it('a number as long as a body takes no longer than its length', () => {
    const zeros = '0'.repeat(1_000_000)
    expect(canonicalJson(`[1${zeros}1, 0.${zeros}1, 1e${'9'.repeat(1_000_000)}, "${'\\"'.repeat(500_000)}"]`).length).toBeGreaterThan(3_000_000)
  })
})
