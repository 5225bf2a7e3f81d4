/** Each rule finds its bad example where it says, and nothing in its good one. */
import { describe, expect, it } from 'vitest'
import { lintContract, lintReport } from './lint-contract.ts'
import { lintRules } from './rules.ts'

describe.each(lintRules.map((rule) => [rule.id, rule] as const))('%s', (id, { bad, good, title, why, source, fix }) => {
  const found = (declaration: unknown): readonly string[] => lintContract(declaration).flatMap(({ rule, path }) => (rule === id ? [path] : []))

  it('finds its bad example, where it says', () => {
    expect(bad.paths?.length).toBeGreaterThan(0)
    expect(found(bad.declaration)).toEqual(bad.paths)
  })

  it('finds nothing in its good example', () => expect(found(good.declaration)).toEqual([]))

  it('says why, whence and how to mend it', () => {
    for (const text of [title, why, source, fix]) expect(text.length).toBeGreaterThan(10)
    expect(title).not.toMatch(/\.$/)
  })
})

describe('a lint', () => {
  const slow = { code: 429, status: 429, reason: 'rate.limited', message: 'Slow down.', description: 'Too fast.' }

  it('hides what is ignored with a reason, by rule and path with all below it', () => {
    const ignore = [{ rule: 'code-is-status', path: 'entries.*.code', reason: 'clients know it' }]
    const { findings, ignored } = lintReport({ entries: { slow }, lint: { ignore } })
    expect(findings.map(({ rule }) => rule)).not.toContain('code-is-status')
    expect(ignored).toMatchObject([{ rule: 'code-is-status', path: 'entries.slow.code', because: 'clients know it' }])
  })

  it('hides what who asks does not want to hear', () => {
    expect(lintReport({ entries: { slow } }, { ignore: [{ rule: 'code-is-status', path: 'entries', reason: 'asked for' }] }).ignored).toHaveLength(1)
  })

  it('does not hide a path that only begins alike', () => {
    expect(lintReport({ entries: { slow } }, { ignore: [{ rule: 'code-is-status', path: 'entries.slo', reason: 'a slip' }] }).ignored).toEqual([])
  })

  it('tells an ignore whose rule there is not', () => {
    expect(lintContract({ entries: { slow }, lint: { ignore: [{ rule: 'code-is-statsu', reason: 'a slip' }] } }).find(({ rule }) => rule === 'idle-ignore')).toMatchObject({ path: 'lint.ignore[0]', mend: 'did you mean "code-is-status"?' })
  })

  it('takes anything, and never throws', () => {
    for (const value of [undefined, null, 1, 'x', [], {}, { entries: [] }, { entries: { a: null, b: 7, __proto__: {} } }, { envelope: 7, examples: 'x', documented: [{}], lint: { ignore: 7 } }, { entries: { a: { status: 'x', details: { b: 7 }, message: 9, when: 3, headers: { A: 1 } } } }]) {
      expect(() => lintContract(value)).not.toThrow()
      expect(lintContract(value).length).toBeGreaterThan(0)
    }
  })

  it('tells the worst first', () => {
    const order = ['error', 'warning', 'note']
    const ranks = lintContract({ entries: { slow } }).map(({ severity }) => order.indexOf(severity))
    expect(ranks).toEqual(ranks.toSorted())
  })
})
