/** The functions that the guides show are run as they stand there: each example of each contract that is written, as an answer of a server. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { catalog } from 'tollgate/catalog'
import { transformWithOxc } from 'vite'
import { describe, expect, it } from 'vitest'
import { describeContract, EXAMPLE_NOW_MS } from '../../model/describe-contract.ts'
import type { DescribedContract } from '../../model/described-contract.ts'
import { isProving } from '../../../../../../test/runs.ts'
import { bodyAccess } from './body-access.ts'
import { pythonHandling, pythonLoop } from './python-handling.ts'
import { typescriptHandling, typescriptLoop } from './typescript-handling.ts'

const written = Object.values(catalog)
  .filter(({ declaration }) => declaration.decodeOnly !== true)
  .map((contract) => [contract.name, describeContract(contract, { nowMs: EXAMPLE_NOW_MS })] as const)

/** What a program may do about an entry: of those that the answer does not tell apart, what the most careful one allows. */
function rulesOf({ entries, ...described }: DescribedContract): readonly string[] {
  const byCode = bodyAccess({ ...described, entries }).isJson && bodyAccess({ ...described, entries }).code !== undefined
  const keyOf = ({ code, sentAs }: DescribedContract['entries'][number]): string => (byCode ? String(code) : String(sentAs))
  return entries.map((entry) => {
    if (byCode && entry.code === '') return 'never'
    const alike = new Set(entries.filter((other) => keyOf(other) === keyOf(entry)).map(({ retry }) => retry.rule))
    return alike.size === 1 ? entry.retry.rule : 'never'
  })
}

const answersOf = ({ entries, success }: DescribedContract) => [...entries.map(({ example }) => example.answer), success].map(({ status, headers, body }) => ({ status, body, headers: headers.flatMap((name, at) => (at % 2 === 0 ? [[name, headers[at + 1] ?? '']] : [])) }))

describe.each(written)('the functions for %s', (_, described) => {
  const answers = answersOf(described)

  it('in TypeScript tell each refusal, and what a program may do about it', async () => {
    const { code } = await transformWithOxc(`${typescriptHandling(described)}\n${typescriptLoop()}\nexport { call, callAgain }`, 'handling.ts')
    const run = `const fetch = async (at) => { const { status, headers, body } = answers[Number(at)]; return new Response(body, { status, headers }) }\n`
    const module = (await import(`data:text/javascript;base64,${Buffer.from(`const answers = ${JSON.stringify(answers)}\n${run}${code.replace(/\/\/# sourceMappingURL=.*/, '')}`).toString('base64')}`)) as { call(url: string): Promise<unknown> }
    const fetched = globalThis.fetch
    const told = []
    for (const at of described.entries.keys()) told.push(await module.call(String(at)).then(() => 'a success', (error: { readonly retry: string }) => error.retry))
    expect(told).toEqual(rulesOf(described))
    expect(fetched).toBe(globalThis.fetch)
    await module.call(String(described.entries.length))
  })
})

it.runIf(isProving)('in TypeScript hold under a strict compiler', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-handling-'))
  try {
    const names = written.map(([name, described]) => {
      writeFileSync(join(folder, `${name}.ts`), `${typescriptHandling(described)}\n${typescriptLoop()}\nexport { callAgain }\n`)
      return `${name}.ts`
    })
    const compiler = join(import.meta.dirname, '../../../../../../node_modules/.bin/tsc')
    const { stdout, status } = spawnSync(compiler, ['--noEmit', '--strict', '--noUncheckedIndexedAccess', '--erasableSyntaxOnly', '--target', 'es2023', '--lib', 'es2023,dom', '--module', 'nodenext', ...names], { cwd: folder, encoding: 'utf8' })
    expect([status, stdout]).toEqual([0, ''])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

it('in Python tell the same, from the standard library alone', () => {
  const script = written.map(([name, described]) => {
    const answers = answersOf(described)
    return `
def run_${name.replaceAll('-', '_')}():
    source = ${JSON.stringify(`${pythonHandling(described)}\n\n${pythonLoop()}`)}
    space = {}
    exec(compile(source, "handling.py", "exec"), space)
    answers = json.loads(${JSON.stringify(JSON.stringify(answers))})
    def urlopen(at, timeout):
        answer = answers[at]
        head = email.message.Message()
        for name, value in answer["headers"]:
            head[name] = value
        body = io.BytesIO(answer["body"].encode())
        if answer["status"] >= 400:
            raise urllib.error.HTTPError("http://a.test", answer["status"], "", head, body)
        return urllib.response.addinfourl(body, head, "http://a.test", answer["status"])
    urllib.request.urlopen = urlopen
    told = []
    for at in range(len(answers)):
        try:
            space["call"](at)
            told.append("a success")
        except space["Refusal"] as refusal:
            told.append(refusal.retry)
    said[${JSON.stringify(name)}] = told
run_${name.replaceAll('-', '_')}()
`
  }).join('')
  const said = JSON.parse(execFileSync('python3', ['-'], { input: `import email.message, io, json, urllib.error, urllib.request, urllib.response\nsaid = {}\n${script}\nprint(json.dumps(said))\n`, encoding: 'utf8', maxBuffer: 1e8 })) as object
  expect(said).toEqual(Object.fromEntries(written.map(([name, described]) => [name, [...rulesOf(described), 'a success']])))
})
