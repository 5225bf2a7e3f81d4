/** What the documents name exists, and what they show can be run (the five-minute guide: test/guide.test.ts). */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const documents = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)]
const text = (file: string): string => readFileSync(join(root, file), 'utf8')
const bases = ['', 'packages/tollgate/src', 'packages/gateway/src']

it.each(documents)('each path that %s names exists', (document) => {
  const named = [...text(document).matchAll(/`((?:[\w@.-]+\/)+[\w.-]*\.(?:ts|md|json|yaml|html))`/g)].map(([, path = '']) => path)
  expect(named.filter((path) => !bases.some((base) => existsSync(join(root, base, path))))).toEqual([])
})

it.each(documents)('each relative link of %s leads somewhere', (document) => {
  const links = [...text(document).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(([, path = '']) => path)
  expect(links.filter((path) => !existsSync(join(root, document, '..', path)))).toEqual([])
})

it.each(documents)('each heading that %s links to exists', (document) => {
  const links = [...text(document).matchAll(/\]\((?!https?:)([^)#\s]*\.md|)#([^)\s]+)\)/g)].map(([, path = '', anchor = '']) => [path === '' ? document : join(document, '..', path), anchor] as const)
  expect(links.filter(([target, anchor]) => !anchorsOf(text(target)).includes(anchor))).toEqual([])
})

/** As GitHub makes them of headings. */
function anchorsOf(page: string): readonly string[] {
  return [...page.replace(/```[\s\S]*?```/g, '').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading.toLowerCase().replace(/[^\w\- ]/g, '').replaceAll(' ', '-'))
}

it('each npm script that a document names exists', () => {
  const { scripts } = JSON.parse(text('package.json')) as { scripts: Record<string, string> }
  const named = documents.flatMap((document) => [...text(document).matchAll(/npm run (?:-\S+ )*([\w:-]+)/g)].map(([, name = '']) => name))
  expect(named.filter((name) => !(name in scripts))).toEqual([])
})
