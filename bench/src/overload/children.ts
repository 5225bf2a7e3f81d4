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

async function firstLine(child: ChildProcess, name: string): Promise<unknown> {
  if (child.stdout !== null) for await (const line of createInterface(child.stdout)) return JSON.parse(line) as unknown
  throw new Error(`${name} ended without figures`)
}

/** Runs it to its end. */
export async function runChild<Figures>(name: string, args: readonly string[]): Promise<Figures> {
  const child = start(name, args)
  try {
    return (await firstLine(child, `${name} ${args.join(' ')}`)) as Figures
  } finally {
    child.kill()
  }
}

/** Ports of servers that live while `use` does. */
export async function withServers<T>(mode: 'brisk' | 'dip', count: number, use: (ports: readonly number[]) => Promise<T>): Promise<T> {
  const child = start('loopback-server', [mode, String(count)])
  try {
    return await use((await firstLine(child, 'loopback-server')) as readonly number[])
  } finally {
    child.kill()
  }
}
