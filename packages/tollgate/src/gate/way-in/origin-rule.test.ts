import { describe, expect, it } from 'vitest'
import { createOriginRule, faultOfOrigin } from './origin-rule.ts'

describe('an origin of the list', () => {
  it.each(['*', 'https://app.example.com', 'http://localhost:3000', 'https://app.example.com:8443', 'http://[::1]:8080', 'http://10.0.0.7', 'https://xn--bcher-kva.example', 'chrome-extension://abcdefghijklmnop', 'capacitor://localhost', 'https://*.example.com', 'https://*.example.com:8443', 'http://*.localhost:3000'])(
    'may be %s',
    (origin) => expect(faultOfOrigin(origin)).toBeUndefined(),
  )

  it.each([
    ['https://app.example.com/', 'https://app.example.com'],
    ['https://app.example.com/path?x#y', 'https://app.example.com'],
    ['https://App.Example.com', 'https://app.example.com'],
    ['HTTPS://app.example.com', 'https://app.example.com'],
    ['https://app.example.com:443', 'https://app.example.com'],
    ['http://app.example.com:80', 'http://app.example.com'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
    ['http://[0:0:0:0:0:0:0:1]', 'http://[::1]'],
    ['app.example.com', 'https://app.example.com'],
    ['//app.example.com', 'https://app.example.com'],
    ['localhost:3000', 'http://localhost:3000'],
    ['https://*.Example.com/', 'https://*.example.com'],
    ['*.example.com', 'https://*.example.com'],
  ])('is not %s, which browsers send otherwise: the mend is told', (origin, mend) => {
    expect(faultOfOrigin(origin)).toMatch(/can never match/)
    expect(faultOfOrigin(origin)?.endsWith(`write ${mend}`)).toBe(true)
    expect(faultOfOrigin(mend)).toBeUndefined()
  })

  it.each([
    ['null', 'sandboxed'],
    ['file:///home', 'browsers send "null"'],
    ['https://app-*.example.com', 'one whole label'],
    ['https://*.*.example.com', 'one whole label'],
    ['https://app.*.com', 'one whole label'],
    ['https://example.com:*', 'one whole label'],
    ['http*://example.com', 'begins with its scheme'],
    ['https://*', 'one whole label'],
    ['https://*.com', 'top-level domain'],
    ['https://*.127.0.0.1', 'top-level domain'],
    ['https://', 'is no origin'],
    ['https://user:pass@example.com', 'is no origin'],
    ['https://a b.example', 'is no origin'],
    ['', 'begins with its scheme'],
  ])('is not %s', (origin, why) => expect(faultOfOrigin(origin)).toContain(why))
})

describe('a list of origins', () => {
  it('lets in exactly what it names', () => {
    const isListed = createOriginRule(['https://app.example.com', 'http://localhost:3000'])
    expect(['https://app.example.com', 'http://localhost:3000'].every(isListed)).toBe(true)
    expect(['http://app.example.com', 'https://app.example.com:8443', 'https://app.example.com.evil.example', 'null', '', 'constructor'].some(isListed)).toBe(false)
  })

  it('leaves one label open where it says so, and no more', () => {
    const isListed = createOriginRule(['https://*.example.com'])
    expect(['https://app.example.com', 'https://a-1.example.com'].every(isListed)).toBe(true)
    expect(
      ['https://example.com', 'https://.example.com', 'https://a.b.example.com', 'https://evil.com/.example.com', 'https://evil.com#.example.com', 'https://a@b.example.com', 'http://app.example.com', 'https://app.example.com:1', 'https://app.example.com.evil.example'].some(isListed),
    ).toBe(false)
  })
})
