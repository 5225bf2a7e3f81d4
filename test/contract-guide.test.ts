/**
 * docs/write-a-contract.md, run as it stands there: the contract grows block by block, the commands are typed into one shell, and what they say is held against
 * the page but for times and random ids. Its tables are held against the schema and the vocabularies. `UPDATE=1` writes both into the page.
 */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { contractSchema, defineContract, parseContract, refuse, serverReasons } from 'tollgate/contract'
import { contractConformanceCases } from 'tollgate/testing'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Schema } from '../packages/tollgate/src/contract/declare/contract-schema.ts'
import { actions, detailTypes } from '../packages/tollgate/src/contract/declare/declaration.ts'
import { rulesOfReason } from '../packages/tollgate/src/contract/declare/entry-rules.ts'
import { factNames } from '../packages/tollgate/src/contract/declare/facts.ts'
import { builtinSlots, itemSlots } from '../packages/tollgate/src/contract/write/template.ts'
import { freePort } from '../packages/gateway/src/fixtures/free-port.ts'
import { keptTexts } from './kept-text.ts'
import { typed } from './typed-shell.ts'

const root = join(import.meta.dirname, '..')
const file = join(root, 'docs/write-a-contract.md')
const page = readFileSync(file, 'utf8')

/** A file to write, or a command to type with what it says. */
type Step = { readonly kind: 'file'; readonly name: string; readonly content: string } | Command
interface Command {
  readonly kind: 'command'
  readonly command: string
  readonly said: string
}

const consoles = /```console\n([\s\S]*?)```/g

function stepsOf(text: string): readonly Step[] {
  let contract = ''
  return [...text.matchAll(/```(?:console|\w+ (\w+\.\w+))\n([\s\S]*?)```/g)].flatMap(([, name, block = '']): readonly Step[] => {
    if (name === undefined) return toCommands(block)
    if (name === 'owlmail.yaml') contract = splice(contract, block)
    return [{ kind: 'file', name, content: name === 'owlmail.yaml' ? contract : block }]
  })
}

function toCommands(block: string): readonly Command[] {
  return block.split(/^\$ /m).slice(1).map((step) => {
    const [, command = '', said = ''] = /^(.*\n)([\s\S]*)$/.exec(step) ?? []
    return { kind: 'command', command: command.trimEnd(), said }
  })
}

/** As the page says: what has the same name takes its place, what is new is added. A name with members below it keeps those that the part leaves out. */
function splice(whole: string, part: string, indent = ''): string {
  const members = membersOf(whole, indent)
  for (const [name, member] of membersOf(part, indent)) {
    const [, head = '', below = ''] = /^(.*\n)([\s\S]*)$/.exec(members.get(name) ?? '') ?? []
    const [, partBelow = ''] = /^.*:\n([\s\S]*)$/.exec(member) ?? []
    members.set(name, below !== '' && partBelow !== '' ? head + splice(below, partBelow, `${indent}  `) : member)
  }
  return [...members.values()].join('')
}

function membersOf(text: string, indent: string): Map<string, string> {
  const members = text.split(new RegExp(`^(?=${indent}\\S)`, 'm')).filter((member) => member !== '')
  return new Map(members.map((member) => [member.trim().replace(/:[\s\S]*/, ''), member]))
}

/** What differs from run to run. */
function comparable(said: string): string {
  return said
    .replace(/owl_[0-9a-f]{32}/g, (id) => (id.startsWith('owl_00010203') ? id : 'owl_<random>'))
    .replace(/^(Date|X-Owl-Reset): .*$/gm, '$1: <time>')
    .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?Z?/g, '<time>')
}

/** As it stands at the end. */
const contract = stepsOf(page).reduce((before, step) => (step.kind === 'file' && step.name === 'owlmail.yaml' ? step.content : before), '')
const parsed = parseContract(parse(contract))
if (!parsed.ok) throw new Error('the contract of the page has problems')
const owlmail = parsed.contract

/** Each key that the schema of contracts knows, in its order. */
function* keysOf(schema: Schema, path = '', isRequired = false): Generator<readonly [path: string, isRequired: boolean, schema: Schema]> {
  const { $ref, ...own } = schema
  const whole = { ...contractSchema.$defs?.[$ref?.replace('#/$defs/', '') ?? ''], ...own }
  const { properties = whole.anyOf?.find(({ type }) => type === 'object')?.properties ?? {}, required = [], additionalProperties, ...rest } = whole
  if (path !== '') yield [path, isRequired, rest]
  for (const [key, member] of Object.entries(properties)) yield* keysOf(member, path === '' ? key : `${path}.${key}`, required.includes(key))
  // One of several forms: the one that has keys.
  for (const form of schema.anyOf ?? []) if (form.properties !== undefined) for (const [key, member] of Object.entries(form.properties)) yield* keysOf(member, `${path}.${key}`)
  if (typeof additionalProperties !== 'object' || (additionalProperties.$ref ?? additionalProperties.description) === undefined) return
  yield* keysOf(additionalProperties, `${path}.${path === 'entries' ? 'ID' : 'NAME'}`)
}

function toRow([path, isRequired, { description = '', enum: values = [] }]: readonly [string, boolean, Schema]): string {
  const [stated = '', byDefault = 'none'] = /\s?Default:? ((?:[^.]|\.(?=\S))+)\./.exec(description) ?? []
  const says = `${description.replace(stated, '').trim()}${values.length > 4 || values.length === 0 ? '' : ` One of ${values.join(', ')}.`}`
  return `| \`${path}\` | ${isRequired ? 'required' : path.endsWith('.ID') || path.endsWith('.NAME') ? '' : byDefault} | ${says.replaceAll('|', '\\|')} |`
}

const inCode = (words: readonly string[]): string => `${words.map((word) => `\`${word}\``).join(' · ')}\n`

/** Reasons of the same rules on one line, in their order. */
function rowsOfReasons(): string {
  const rows = new Map<string, string[]>()
  for (const reason of serverReasons) {
    const { retry, action } = rulesOfReason(reason)
    const rules = `\`${retry}\` | \`${action}\``
    rows.set(rules, [...(rows.get(rules) ?? []), `\`${reason}\``])
  }
  return [...rows].map(([rules, reasons]) => `| ${reasons.join(' ')} | ${rules} |\n`).join('')
}

/** Parts of the page that follow from something else. */
const derived: { readonly [part: string]: readonly [place: RegExp, content: string] } = {
  'the whole contract': [/(?<=<summary>owlmail\.yaml<\/summary>\n\n)[\s\S]*?(?=\n<\/details>)/, `\`\`\`yaml\n${contract}\`\`\`\n`],
  'every key': [/(?<=## Every key\n\n)[\s\S]*?(?=\n## )/, `| Key | Default | |\n|---|---|---|\n${[...keysOf(contractSchema)].map((key) => `${toRow(key)}\n`).join('')}`],
  'the reasons': [/(?<=### Reasons\n\n)[\s\S]*?(?=\n### )/, `| Reasons | \`retry\` | \`action\` |\n|---|---|---|\n${rowsOfReasons()}`],
  'the actions': [/(?<=### Actions\n\n)[\s\S]*?(?=\n### )/, inCode(actions)],
}

it('the commands of the page say what it shows', async () => {
  const said = await sayingsOf(stepsOf(page))
  if (process.env['UPDATE'] !== undefined) {
    const before = stepsOf(page).flatMap((step) => (step.kind === 'command' ? [step.said] : []))
    const left = [...keptTexts(before, said, { comparable, ids: /owl_[0-9a-f]{32}/g })]
    const withSaid = page.replaceAll(consoles, (_, block: string) => `\`\`\`console\n${toCommands(block).map(({ command }) => `$ ${command}\n${left.shift() ?? ''}`).join('')}\`\`\``)
    writeFileSync(file, Object.values(derived).reduce((changed, [place, content]) => changed.replace(place, () => content), withSaid))
  }
  const shown = stepsOf(readFileSync(file, 'utf8')).flatMap((step) => (step.kind === 'command' ? [step] : []))
  expect(shown.map(({ command }, at) => `$ ${command}\n${comparable(said[at] ?? '')}`)).toEqual(shown.map((step) => `$ ${step.command}\n${comparable(step.said)}`))
})

/** What each command says, when all are typed into one shell. */
async function sayingsOf(steps: readonly Step[]): Promise<readonly string[]> {
  // Inside the repository, so that `tollgate/contract` is found.
  const folder = mkdtempSync(join(root, 'test/owlmail-'))
  const ports = new Map(await Promise.all(['9000', '9091', '8088', '8089'].map(async (port) => [port, String(await freePort())] as const)))
  const onFreePorts = (shown: string): string => shown.replace(/\b(?:9000|9091|8088|8089)\b/g, (port) => ports.get(port) ?? port)
  const asOnThePage = (said: string): string => [...ports].reduce((changed, [port, free]) => changed.replaceAll(`:${free}`, `:${port}`), said).replaceAll(folder, '/home/ada/tollgate/examples/owlmail')

  const isUp = [...ports.values()].map((port) => `for _ in {1..2400}; do (exec 3<>/dev/tcp/127.0.0.1/${port}) 2>&- && break; sleep 0.05; done`)
  const script = steps.map((step) => {
    if (step.kind === 'file') return `cat > ${step.name} <<'@@'\n${onFreePorts(step.content)}@@`
    const waits = !step.command.endsWith('&') ? [] : step.command.startsWith('node') ? isUp.slice(0, 1) : isUp.slice(1)
    return [`printf '\\n@@\\n'`, onFreePorts(step.command), ...waits].join('\n')
  })
  const output = asOnThePage(await typed(script.join('\n'), folder)).replaceAll('\r', '')
  // Each ends with a line break, also where it printed none of its own.
  return output.split('\n@@\n').slice(1).map((said) => (said === '' || said.endsWith('\n') ? said : `${said}\n`))
}

it.each(Object.entries(derived))('the page shows %s', (_, [place, content]) => {
  expect(place.exec(readFileSync(file, 'utf8'))?.[0]).toBe(content)
})

it.each([
  ['### Slots', [...builtinSlots, ...itemSlots].map((slot) => `$${slot}`), /`(\$\w+)`/g],
  ['### Types of details', detailTypes, /`(\w+)`/g],
  ['### Facts', factNames, /`(\w+)`/g],
] as const)('%s of the page are those that there are', (heading, known, word) => {
  const section = page.split(`${heading}\n`)[1]?.split('\n#')[0] ?? ''
  expect([...new Set([...section.matchAll(word)].map(([, name]) => name).filter((name) => name !== '$NAME'))].toSorted()).toEqual([...known].toSorted())
})

it('the defaults of the page are what a contract without them does', () => {
  const { success: _, ...envelope } = owlmail.declaration.envelope
  const { requestId: __, ...declaration } = owlmail.declaration
  const plain = defineContract({ ...declaration, envelope })
  const { headers } = plain.answer(refuse('upstream.unavailable'), { requestId: plain.mintRequestId(new Uint8Array(16)), nowMs: 0 })
  const pairs = Object.fromEntries(headers.flatMap((name, at) => (at % 2 === 0 ? [[name, headers[at + 1]]] : [])))
  expect(pairs).toMatchObject({ 'Content-Type': 'application/json', 'Retry-After': '60', 'x-request-id': expect.stringMatching(/^req_0{22}$/) })
  expect(plain.success([1], { requestId: '', nowMs: 0 }).body).toBe('[1]')
})

describe('the contract of the page', () => {
  it.each(contractConformanceCases(owlmail).map(({ name, run }) => [name, run] as const))('%s', (_, run) => expect(run).not.toThrow())
})
