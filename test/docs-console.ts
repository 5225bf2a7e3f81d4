/**
 * Pages whose commands are run as they stand there: files that a page shows are written (```js service.mjs), its commands (```console, after `$ `) are typed one
 * after the other into one shell, and what they say is held against the page, but for times, ids and secrets. With `UPDATE` set the page is written instead.
 */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { freePort } from '../packages/gateway/src/fixtures/free-port.ts'
import { keptTexts } from './kept-text.ts'
import { typed } from './typed-shell.ts'

const root = join(import.meta.dirname, '..')
const consoles = /```console\n([\s\S]*?)```/g
const shownFiles = /```\w+ (\w+\.\w+)\n([\s\S]*?)```/g
/** Of the service, the gateway, its admin API, its call API and a mock, on every page. */
const SERVICE = '9000'
const ADMIN = '9090'
const MOCK = '4010'
const shownPorts = [SERVICE, '8080', ADMIN, '9091', MOCK]
const SHOWN_FOLDER = '/srv/tollgate'

interface Step {
  readonly command: string
  readonly said: string
}

export interface ConsoleOptions {
  /** Variables that give a port to what the page's commands write: `{ PORT: '8080' }`, by the port that the page shows. */
  readonly portsIn?: { readonly [variable: string]: string }
  /** What differs from run to run, and what the page shows in its place. */
  readonly shownAs?: readonly (readonly [told: string, shown: string])[]
}

/** What the page shows and what was said, to be compared. */
export async function runConsoles(file: string, { portsIn = {}, shownAs = [] }: ConsoleOptions = {}): Promise<{ readonly shown: readonly string[]; readonly told: readonly string[] }> {
  const page = readFileSync(file, 'utf8')
  const replies = await repliesTo(stepsOf(page), page, { portsIn, shownAs })
  if (process.env['UPDATE'] !== undefined) writeFileSync(file, withReplies(page, replies))
  const steps = stepsOf(readFileSync(file, 'utf8'))
  const shown = createComparable()
  const told = createComparable()
  return {
    shown: steps.map(({ command, said }) => `$ ${command}\n${shown(said)}`),
    told: steps.map(({ command }, at) => `$ ${command}\n${told(replies[at] ?? '')}`),
  }
}

function stepsOf(page: string): readonly Step[] {
  return [...page.matchAll(consoles)].flatMap(([, block = '']) => toSteps(block))
}

function toSteps(block: string): readonly Step[] {
  return [...block.matchAll(/^\$ (.*)\n((?:(?!\$ ).*\n)*)/gm)].map(([, command = '', reply = '']) => ({ command, said: reply }))
}

async function repliesTo(steps: readonly Step[], page: string, { portsIn, shownAs }: Required<ConsoleOptions>): Promise<readonly string[]> {
  // Inside the repository, so that a service finds `tollgate/service`.
  const folder = mkdtempSync(join(root, 'test/console-'))
  const ports = await Promise.all(shownPorts.map(async (port) => [port, String(await freePort())] as const))
  const here = replacer([[SHOWN_FOLDER, folder], ...ports])
  const onThePage = replacer([[folder, SHOWN_FOLDER], ...shownAs, ...ports.map(([port, free]) => [`:${free}`, `:${port}`] as const)])
  for (const [, name = '', content = ''] of page.matchAll(shownFiles)) writeFileSync(join(folder, name), here(content))
  const variables = Object.entries(portsIn)
  for (const [variable, port] of variables) process.env[variable] = here(port)
  onTestFinished(() => variables.forEach(([variable]) => Reflect.deleteProperty(process.env, variable)))
  const output = onThePage(await typed(here(steps.map(toScript).join('\n')), folder))
  const replies = output.split(/\n@@\d+@@\n/).slice(1)
  return replies.map((reply) => reply.replaceAll('\r', '').replace(/ +$/gm, '').replace(/(?<=.)\n*$/, '\n'))
}

/** All in one go, so that nothing is replaced in what has been. */
function replacer(pairs: readonly (readonly [string, string])[]): (text: string) => string {
  const replacements = new Map(pairs)
  const pattern = new RegExp([...replacements.keys()].join('|'), 'g')
  return (where) => where.replace(pattern, (found) => replacements.get(found) ?? found)
}

/** What goes into the background is waited for, by the port that it opens last. */
function toScript({ command }: Step, at: number): string {
  const port = command.startsWith('node ') ? SERVICE : command.startsWith('tollgate mock ') ? MOCK : ADMIN
  const wait = `for _ in {1..400}; do (exec 3<>/dev/tcp/127.0.0.1/${port}) 2>&- && break; sleep 0.05; done`
  return [`printf '\\n@@${at}@@\\n'`, command, ...(command.endsWith('&') ? [wait] : [])].join('\n')
}

const numberedIds = /(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b(?:key|grant)_[0-9a-f]+/g

/** Without what differs from run to run. Ids are numbered, so that the same one stays the same. */
function createComparable(): (said: string) => string {
  const numbers = new Map<string, number>()
  const numbered = (id: string): string => {
    if (!numbers.has(id)) numbers.set(id, numbers.size)
    return `<id ${numbers.get(id)}>`
  }
  return (said) => comparableBy(said, numbered)
}

/** Of one line or answer, without telling ids apart. */
const withoutChance = (said: string): string => comparableBy(said, () => '<id>')

function comparableBy(said: string, numbered: (id: string) => string): string {
  return (
    said
      .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?Z?/g, '<time>')
      .replace(/\b\d+(?:\.\d+)? m?s\b/g, '<duration>')
      .replace(/"retry_after":\d+/, '"retry_after":<s>')
      .replace(numberedIds, numbered)
      .replace(/\b([pr]k|as)_\w+/g, '<$1>')
      .replace(/ {2,}/g, '  ')
  )
}

function withReplies(page: string, replies: readonly string[]): string {
  const before = stepsOf(page).map(({ said }) => said)
  const next = keptTexts(before, replies, { comparable: withoutChance, ids: numberedIds }).values()
  const updated = (block: string): string => toSteps(block).map(({ command }) => `$ ${command}\n${next.next().value ?? ''}`).join('')
  return page.replaceAll(consoles, (_, block: string) => `\`\`\`console\n${updated(block)}\`\`\``)
}
