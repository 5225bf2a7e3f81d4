import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { SITE_LIST, writeSite } from './site-folder.ts'

let folder = ''
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'site-folder-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const at = (path: string): string => join(folder, path)
const read = (path: string): string => readFileSync(at(path), 'utf8')
const file = (path: string, text = path) => ({ path, text })
const changes = (written: readonly string[], removed: readonly string[], same: number) => ({ kind: 'done', changes: { written, removed, same } })

it('writes what is new, leaves what is the same, and removes of its own what is no longer made', () => {
  expect(writeSite([file('index.html'), file('errors/a/index.html'), file('errors/b/index.html')], folder)).toEqual(changes(['index.html', 'errors/a/index.html', 'errors/b/index.html'], [], 0))
  expect(writeSite([file('index.html', 'new'), file('errors/a/index.html')], folder)).toEqual(changes(['index.html'], ['errors/b/index.html'], 1))
  expect(read('index.html')).toBe('new')
  expect(existsSync(at('errors/b'))).toBe(false)
  expect(existsSync(at('errors/a/index.html'))).toBe(true)
  expect(JSON.parse(read(SITE_LIST))).toEqual({ madeBy: 'tollgate docs', files: ['errors/a/index.html', 'index.html'] })
})

it('leaves alone what it has not written, also in its own folders', () => {
  mkdirSync(at('errors/b'), { recursive: true })
  writeFileSync(at('errors/b/mine.txt'), 'mine')
  writeFileSync(at('README.md'), 'mine')
  writeSite([file('errors/b/index.html')], folder)
  writeSite([file('index.html')], folder)
  expect([read('errors/b/mine.txt'), read('README.md'), existsSync(at('errors/b/index.html'))]).toEqual(['mine', 'mine', false])
})

it.each([
  ['a file of somebody else', () => writeFileSync(at('index.html'), 'mine'), /index\.html is not of this command, and would be overwritten; remove it, or choose another folder/],
  ['a folder in its place', () => mkdirSync(at('index.html')), /index\.html is in the way of index\.html/],
  ['a file in place of its folder', () => writeFileSync(at('errors'), 'mine'), /errors is in the way of errors\/a\.md/],
  ['a link that leads elsewhere', () => symlinkSync(tmpdir(), at('errors')), /errors is a link/],
  ['a list that is none', () => writeFileSync(at(SITE_LIST), '{"files":["../x"]}'), /is no list of this command/],
])('where %s stands in the way, writes nothing at all', (_, put, words) => {
  put()
  const done = writeSite([file('first.md'), file('index.html'), file('errors/a.md')], folder)
  expect(done).toMatchObject({ kind: 'fault', words: expect.stringMatching(words) as unknown })
  expect(existsSync(at('first.md'))).toBe(false)
})

it.each(['../outside', '/etc/passwd', 'a/../../b', 'C:x', 'a\\b', ''])('a list that names %j is not followed', (path) => {
  const outside = mkdtempSync(join(tmpdir(), 'site-folder-outside-'))
  writeFileSync(at(SITE_LIST), JSON.stringify({ files: [path] }))
  expect(writeSite([file('index.html')], folder).kind).toBe('fault')
  rmSync(outside, { recursive: true })
})

it('says what it would do, and does nothing', () => {
  writeSite([file('a.md'), file('b.md')], folder)
  expect(writeSite([file('a.md', 'new'), file('c.md')], folder, { dryRun: true })).toEqual(changes(['a.md', 'c.md'], ['b.md'], 0))
  expect([read('a.md'), existsSync(at('b.md')), existsSync(at('c.md'))]).toEqual(['a.md', true, false])
})

it('knows its files also after it was ended in the middle', () => {
  // What a first run leaves that wrote its list, and one of two files.
  writeFileSync(at(SITE_LIST), JSON.stringify({ files: ['a.md', 'b.md'] }))
  writeFileSync(at('a.md'), 'half')
  expect(writeSite([file('a.md'), file('c.md')], folder)).toEqual(changes(['a.md', 'c.md'], [], 0))
})
