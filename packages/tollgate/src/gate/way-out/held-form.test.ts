/** A refusal inside a success that is a form: held to its end, since it may say there what it is. */
import { describe, expect, it } from 'vitest'
import { defineContract, serverReasons } from '../../contract/index.ts'
import { holdBody } from './held-body.ts'

const paynote = defineContract({
  name: 'paynote',
  title: 'Paynote',
  alwaysStatus: 200,
  envelope: { contentType: 'application/x-www-form-urlencoded', error: { status: 'error', code: '$code', message: '$message' }, success: { status: 'ok', '...': '$data' } },
  entries: { failed: { code: 99, status: 500, reason: 'internal', alsoFor: serverReasons.filter((reason) => reason !== 'internal'), message: 'Failed.', description: 'Ours.' } },
})
const type = ['content-type', 'application/x-www-form-urlencoded; charset=utf-8']
const hold = (headers: readonly string[]) => holdBody(paynote, 'GET', 200, headers, undefined)

describe('a form under 200', () => {
  it.each([
    ['message=Gone&code=99&status=error', true],
    ['status=ok&id=7&code=99', false],
    ['id=7', false],
    ['{"status":"error","code":99}', false],
  ])('%s', (text, expected) => {
    const held = hold(type)
    const bytes = new TextEncoder().encode(text)
    expect(held?.push(bytes.subarray(0, 9))).toBe(true)
    expect(held?.push(bytes.subarray(9))).toBe(true)
    expect(held?.isRefusal()).toBe(expected)
  })

  it('is not held under another type', () => {
    expect(hold(['content-type', 'application/json'])).toBeUndefined()
  })
})
