/** Processes of this benchmark: each gives its figures as one line of JSON, and ends with this one. */
import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createInterface } from 'node:readline'

const fileOf = (name: string): string => fileURLToPath(new URL(`${name}.js`, import.meta.url))

/** Whatever becomes of it, it is over then. */
const LONGEST_MS = 600_000

function start(name: string, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [fileOf(name), ...args], { stdio: ['pipe', 'pipe', 'inherit'], timeout: LONGEST_MS })
}

async function nextLine(lines: AsyncIterator<string> | undefined, name: string): Promise<unknown> {
  const next = await lines?.next()
  if (next === undefined || next.done === true) throw new Error(`${name} ended without figures`)
  return JSON.parse(next.value) as unknown
}

const linesOf = ({ stdout }: ChildProcess): AsyncIterator<string> | undefined => (stdout === null ? undefined : createInterface(stdout)[Symbol.asyncIterator]())

/** Runs it to its end. */
export async function runChild<Figures>(name: string, args: readonly string[]): Promise<Figures> {
  const child = start(name, args)
  try {
    return (await nextLine(linesOf(child), `${name} ${args.join(' ')}`)) as Figures
  } finally {
    child.kill()
  }
}

/** Runs several at the same time, which begin when all of them have said a first line. */
export async function runTogether<Figures>(name: string, argsOfEach: readonly (readonly string[])[]): Promise<readonly Figures[]> {
  const children = argsOfEach.map((args) => ({ args, child: start(name, args) }))
  try {
    const reading = children.map(({ args, child }) => ({ title: `${name} ${args.join(' ')}`, lines: linesOf(child) }))
    await Promise.all(reading.map(({ title, lines }) => nextLine(lines, title)))
    for (const { child } of children) child.stdin?.end('begin')
    return (await Promise.all(reading.map(({ title, lines }) => nextLine(lines, title)))) as readonly Figures[]
  } finally {
    for (const { child } of children) child.kill()
  }
}

/** Ports of servers that live while `use` does. */
export async function withServers<T>(mode: 'brisk' | 'dip', count: number, use: (ports: readonly number[]) => Promise<T>): Promise<T> {
  const child = start('loopback-server', [mode, String(count)])
  try {
    return await use((await nextLine(linesOf(child), 'loopback-server')) as readonly number[])
  } finally {
    child.kill()
  }
}
