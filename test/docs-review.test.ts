/** docs/lint.md, docs/diff.md and the pages of the rules: made from the rules, their commands run. `UPDATE=1` writes them. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { changeRules, formatRulePage, lintRules, topics } from 'tollgate/review'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { runConsoles } from './docs-console.ts'
import { typed } from './typed-shell.ts'

const docs = join(import.meta.dirname, '../docs')
const isUpdating = process.env['UPDATE'] !== undefined
const page = (name: string): string => readFileSync(join(docs, name), 'utf8')

/** The end of a page, from a heading on. */
function heldAgainst(name: string, heading: string, made: string): { readonly shown: string; readonly made: string } {
  const [before = '', shown = ''] = page(name).split(`${heading}\n\n`)
  if (isUpdating) writeFileSync(join(docs, name), `${before}${heading}\n\n${made}`)
  return { shown: isUpdating ? made : shown, made }
}

const topicTitles = { http: 'What HTTP asks for', contradiction: 'What contradicts itself', caller: 'What who calls needs', style: 'How it reads', valid: 'Whether it is a contract' } satisfies { readonly [topic in (typeof topics)[number]]: string }

it('docs/lint.md has all rules', () => {
  const tables = (['http', 'contradiction', 'caller', 'style', 'valid'] as const).map((topic) => `**${topicTitles[topic]}**\n\n| Rule | | |\n|---|---|---|\n${lintRules.filter((rule) => rule.topic === topic).map(({ id, severity, title }) => `| [\`${id}\`](lint/${id}.md) | ${severity} | ${title} |\n`).join('')}`)
  const { shown, made } = heldAgainst('lint.md', '## The rules', tables.join('\n'))
  expect(shown).toBe(made)
})

it('each rule has its page, and no page is left over', () => {
  const folder = join(docs, 'lint')
  const pages = new Map(lintRules.map((rule) => [`${rule.id}.md`, formatRulePage(rule, (declaration) => stringify(declaration, { lineWidth: 120 }))]))
  if (isUpdating) {
    mkdirSync(folder, { recursive: true })
    for (const name of readdirSync(folder)) if (!pages.has(name)) rmSync(join(folder, name))
    for (const [name, text] of pages) writeFileSync(join(folder, name), text)
  }
  expect(readdirSync(folder).toSorted()).toEqual([...pages.keys()].toSorted())
  for (const [name, text] of pages) expect(readFileSync(join(folder, name), 'utf8')).toBe(text)
})

it('docs/diff.md has all kinds of changes', () => {
  const rows = Object.entries(changeRules).toSorted(([, one], [, other]) => ['breaking', 'risky', 'safe'].indexOf(one.class) - ['breaking', 'risky', 'safe'].indexOf(other.class))
  const { shown, made } = heldAgainst('diff.md', '## The kinds of changes', `| | Kind | | Hurts who goes by | What helps |\n|---|---|---|---|---|\n${rows.map(([id, { class: how, title, hurts, advice }]) => `| ${how} | \`${id}\` | ${title} | ${hurts.join(', ')} | ${how === 'safe' ? '' : advice} |\n`).join('')}`)
  expect(shown).toBe(made)
})

describe.each(['lint.md', 'diff.md'])('docs/%s', (name) => {
  it('its commands say what the page shows', async () => {
    const { shown, told } = await runConsoles(join(docs, name))
    expect(shown.length).toBeGreaterThan(3)
    expect(told).toEqual(shown)
  })
})

interface Workflow {
  readonly jobs: { readonly contract: { readonly steps: readonly { readonly run?: string; readonly env?: { readonly BASE?: string } }[] } }
}
interface PreCommit {
  readonly repos: readonly { readonly hooks: readonly { readonly entry: string; readonly files: string; readonly pass_filenames?: boolean }[] }[]
}

const files = (name: string): readonly (readonly [path: string, content: unknown])[] => [...page(name).matchAll(/```yaml (\.[\w./-]+)\n([\s\S]*?)```/g)].map(([, path = '', yaml = '']) => [path, parse(yaml)])

/** In a repository with a contract that has changed since `origin/main`. */
async function inRepository(script: string): Promise<string> {
  const folder = mkdtempSync(join(import.meta.dirname, 'review-'))
  const contract = readFileSync(join(import.meta.dirname, '../examples/your-api/contract.yaml'), 'utf8')
  const git = (...args: readonly string[]) => execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: folder, stdio: 'ignore' })
  writeFileSync(join(folder, 'contract.yaml'), contract)
  git('init', '-q')
  git('add', 'contract.yaml')
  git('commit', '-qm', 'one')
  git('update-ref', 'refs/remotes/origin/main', 'HEAD')
  writeFileSync(join(folder, 'contract.yaml'), contract.replace('code: slow_down', 'code: too_fast'))
  return typed(`export BASE=main GITHUB_STEP_SUMMARY=summary.md\n${script.replaceAll('npx tollgate', 'tollgate')}\nls; cat summary.md 2>&-`, folder)
}

describe('in a pull request and before a commit', () => {
  it.each([
    ['lint.md', [0, 1], ['lint.sarif', '4 warnings']],
    ['diff.md', [0, 1], ['summary.md', 'code-changed', '### Contract `git:origin/main:contract.yaml`']],
  ] as const)('the workflow of docs/%s does what it says', async (name, codes, said) => {
    const [, workflow] = files(name).find(([path]) => path.startsWith('.github')) ?? []
    const commands = (workflow as Workflow).jobs.contract.steps.flatMap(({ run }) => (run?.startsWith('npx tollgate') === true ? [run] : []))
    expect(commands).toHaveLength(codes.length)
    const output = await inRepository(commands.map((command) => `${command}\necho "exit $?"`).join('\n'))
    expect([...output.matchAll(/^exit (\d)$/gm)].map(([, code]) => Number(code))).toEqual(codes)
    for (const text of said) expect(output).toContain(text)
  })

  it.each(['lint.md', 'diff.md'])('the hook of docs/%s finds the contract, and runs', async (name) => {
    const [, config] = files(name).find(([path]) => path === '.pre-commit-config.yaml') ?? []
    const hook = (config as PreCommit).repos[0]?.hooks[0]
    expect('contract.yaml').toMatch(new RegExp(hook?.files ?? '(?!)'))
    const output = await inRepository(`${hook?.entry}${hook?.pass_filenames === false ? '' : ' contract.yaml'}\necho "exit $?"`)
    expect(output).toContain(name === 'lint.md' ? 'contract.yaml: ' : 'exit 1')
    expect(output).not.toContain('exit 2')
  })
})

it('README leads to both pages', () => {
  const readme = readFileSync(join(docs, '../README.md'), 'utf8')
  for (const name of ['docs/lint.md', 'docs/diff.md']) expect(readme).toContain(`](${name})`)
  expect(existsSync(join(docs, 'lint'))).toBe(true)
})
