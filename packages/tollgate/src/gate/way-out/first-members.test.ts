import { array, assert, dictionary, integer, jsonValue, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseBoundedJson } from '../../contract/read/bounded-json.ts'
import { createFirstMembers } from './first-members.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('the first members of a body', () => {
  it('are known as soon as the comma behind them has come', () => {
    const members = createFirstMembers()
    expect(members.push(bytes(' {"success":true'))).toBeUndefined()
    expect(members.push(bytes(',"data":[1,2'))).toEqual({ value: { success: true } })
    expect(members.push(bytes(',3],"a":{"b":1},'))).toEqual({ value: { success: true, data: [1, 2, 3], a: { b: 1 } } })
  })

  it('commas and brackets in texts and in what is nested are none', () => {
    expect(createFirstMembers().push(bytes(String.raw`{"a":"x\",{[","b":{"c":1,"d":2`))).toEqual({ value: { a: 'x",{[' } })
  })

  it('of an object that is whole are all of it, whatever other one follows', () => {
    const members = createFirstMembers()
    expect(members.push(bytes('{"i":{"a":1'))).toBeUndefined()
    expect(members.push(bytes('}}\n{"i":2,'))).toEqual({ value: { i: { a: 1 } }, whole: bytes('{"i":{"a":1}}') })
    expect(members.push(bytes('"j":3,'))).toBeUndefined()
  })

  it('a list and a scalar are told from an object; a byte order mark and white space are passed over', () => {
    expect(createFirstMembers().push(bytes(' [{"a":1,'))).toEqual({ value: [] })
    expect(createFirstMembers().push(bytes('"text",'))).toEqual({ value: 0 })
    expect(createFirstMembers().push(bytes('\uFEFF {"a":1,'))).toEqual({ value: { a: 1 } })
    expect(createFirstMembers().push(bytes('  '))).toBeUndefined()
  })

  it('are always some of those that the whole has, however it is cut, and whatever follows', () => {
    assert(
      property(dictionary(string({ minLength: 1 }).filter((name) => name !== '__proto__'), jsonValue({ maxDepth: 3 })), array(integer({ min: 0, max: 400 }), { maxLength: 12 }), (body, cuts) => {
        const whole = bytes(JSON.stringify(body))
        const members = createFirstMembers()
        const places = [0, ...cuts.filter((at) => at <= whole.length).toSorted((one, other) => one - other), whole.length]
        const parsed = parseBoundedJson(JSON.stringify(body)) as Record<string, unknown>
        for (const [at, end] of places.slice(1).entries()) {
          const found = members.push(whole.subarray(places[at], end))
          for (const [name, value] of Object.entries((found?.value ?? {}) as object)) expect(JSON.stringify(value)).toBe(JSON.stringify(parsed[name]))
        }
      }),
    )
  })

  it('are asked about one by one where the first may be enough, and all of a chunk where it is not', () => {
    const text = bytes('{"success":true,"data":[1,2],"more":{"a":"b"},')
    expect(createFirstMembers().push(text, () => true)).toEqual({ value: { success: true } })
    expect(createFirstMembers().push(text, () => false)).toEqual({ value: { success: true, data: [1, 2], more: { a: 'b' } } })
    const cut = createFirstMembers()
    expect(cut.push(bytes('{"success":tr'), () => true)).toBeUndefined()
    expect(cut.push(bytes('ue,"data":1,'), () => true)).toEqual({ value: { success: true } })
    expect(createFirstMembers().push(bytes('{"code":1}'), () => true)).toEqual({ value: { code: 1 }, whole: bytes('{"code":1}') })
  })

  it('end where texts with quotes and backslashes end, wherever these are cut', () => {
    const text = String.raw`{"a":"\\\\","b":"\"\\\"","c":"\\","d":1`
    const whole = bytes(`${text},`)
    const last = JSON.parse(`${text}}`) as unknown
    for (let cut = 0; cut < whole.length; cut += 1) {
      const members = createFirstMembers()
      members.push(whole.subarray(0, cut))
      expect(members.push(whole.subarray(cut))).toEqual({ value: last })
    }
  })

  it('looks no more than so many times, since each look parses all that has come', () => {
    const members = createFirstMembers()
    expect(members.push(bytes('{"m":1,'))).toBeDefined()
    const found = Array.from({ length: 100 }, (_, at) => members.push(bytes(`"m${at}":1,`)))
    expect(found.filter((each) => each !== undefined)).toHaveLength(15)
  })
})
