import { describe, expect, it } from 'vitest'
import { figureAt, parseFigurePath } from './figure-path.ts'

const at = (answer: unknown, text: string): unknown => figureAt(answer, parseFigurePath(text) ?? [])

describe('the path of a figure', () => {
  it.each([
    ['usage.total', { usage: { total: 5 } }, 5],
    ['0.total', [{ total: 5 }], 5],
    ['list[kind=AUDIO].count', { list: [{ kind: 'TEXT', count: 1 }, { kind: 'AUDIO', count: 2 }, { kind: 'AUDIO', count: 3 }] }, 2],
    ['list[model=gpt-4.1].count', { list: [{ model: 'gpt-4.1', count: 2 }] }, 2],
    ['list[id=7]', { list: [{ id: 7 }] }, { id: 7 }],
    ['data.results.length', { data: { results: [{}, {}, {}] } }, 3],
    ['data.results.length', { data: { results: [] } }, 0],
    ['data.0.length', { data: [[1, 2]] }, 2],
    ['data.length', { data: { length: 7 } }, 7],
  ])('%s', (text, answer, value) => expect(at(answer, text)).toEqual(value))

  it.each([
    ['usage.total', { usage: { total: null } }],
    ['usage.total', { usage: 'total' }],
    ['data.results.length', { data: { results: 'three' } }],
    ['data.results.length', { data: { results: { a: 1 } } }],
    ['constructor.name', {}],
    ['__proto__', {}],
    ['list[kind=AUDIO].count', { list: [{ kind: 'TEXT', count: 1 }, null, 'x'] }],
    ['list[constructor=function Object() { }].count', { list: [{ count: 1 }] }],
    ['list[kind=AUDIO].count', { list: [{ kind: { toString: 1, valueOf: 1 }, count: 1 }, { kind: ['AUDIO'], count: 1 }] }],
    ['list[kind=AUDIO].count', { list: { kind: 'AUDIO', count: 1 } }],
  ])('%s finds nothing in %j', (text, answer) => expect(at(answer, text)).toBeUndefined())

  it.each(['', '.', 'a.', '.a', 'a..b', 'a[', 'a[b]', 'a[b=]', 'a[=c]', 'a[b=c', 'a[b=c]d', '[b=c]', 'a]'])('%j is none', (text) => expect(parseFigurePath(text)).toBeUndefined())
})
