import { expect, it } from 'vitest'
import type { Change } from '../diff/change.ts'
import { formatDiffMarkdown, formatDiffText, toDiffJson } from './diff-forms.ts'

const breaks: Change = { rule: 'code-changed', class: 'breaking', path: 'entries.broke.code', before: 'A|B', after: '`C`\nD', hurts: ['code'], says: '"A|B" is <C> now', advice: 'Send both.' }
const adds: Change = { rule: 'detail-added', class: 'safe', path: 'entries.broke.details.price', before: undefined, after: 'money?', hurts: [], says: 'price is new', advice: 'Nothing to do.' }
const diff = { before: 'git:main:a.yaml', after: 'a.yaml', changes: [breaks, adds], current: '1.4.2' }

it('as text says what breaks, for whom, and what helps', () => {
  expect(formatDiffText(diff)).toBe(
    'git:main:a.yaml → a.yaml: 1 breaking, 1 safe; after 1.4.2 comes 2.0.0 (major)\n' +
      '  breaking  code-changed  entries.broke.code: "A|B" is <C> now (hurts who goes by code)\n            Send both.\n' +
      '  safe      detail-added  entries.broke.details.price: price is new\n',
  )
})

it('as JSON says the counts, the version and each change', () => {
  expect(toDiffJson(diff)).toMatchObject({ version: 1, counts: { breaking: 1, risky: 0, safe: 1 }, bump: 'major', current: '1.4.2', next: '2.0.0', changes: [{ rule: 'code-changed', hurts: ['code'] }, { rule: 'detail-added' }] })
})

it('as Markdown shows what breaks, folds what is safe, and no value breaks the table', () => {
  const markdown = formatDiffMarkdown(diff)
  for (const line of markdown.split('\n').filter((each) => /^\| (?:breaking|risky|safe)/.test(each))) expect(line.match(/(?<!\\)\|/g)?.length).toBe(8)
  expect(markdown).toContain('<details><summary>1 safe</summary>')
  expect(markdown).toContain(String.raw`is \<C\> now`)
})
