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

  it('looks no more than so many times, since each look parses all that has come', () => {
    const members = createFirstMembers()
    expect(members.push(bytes('{"m":1,'))).toBeDefined()
    const found = Array.from({ length: 100 }, (_, at) => members.push(bytes(`"m${at}":1,`)))
    expect(found.filter((each) => each !== undefined)).toHaveLength(15)
  })
})
