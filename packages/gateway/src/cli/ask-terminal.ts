/** Questions on a terminal, one after the other. */
import type { Interface } from 'node:readline'
import { CliFailure } from './cli-io.ts'

/** What was typed and not yet asked for, and who waits for the next line; undefined is the end of it. */
let typed: { readonly lines: Interface; readonly left: (string | undefined)[]; wake: () => void } | undefined

/** Lines that were typed ahead answer the questions to come. A terminal that is closed answers nothing more, and the command ends. */
export async function askTerminal(question: string): Promise<string> {
  const { createInterface } = await import('node:readline')
  if (typed === undefined) {
    const lines = createInterface({ input: process.stdin, output: process.stdout })
    const reading = { lines, left: [] as (string | undefined)[], wake: () => undefined as void }
    lines.on('line', (line) => (reading.left.push(line), reading.wake()))
    lines.on('close', () => (reading.left.push(undefined), reading.wake()))
    typed = reading
  }
  const { lines, left } = typed
  if (left.length === 0) lines.resume()
  lines.setPrompt(question)
  lines.prompt()
  if (left.length === 0) await new Promise<void>((resolve) => typed && (typed.wake = resolve))
  const answer = left.shift()
  // It keeps the program alive no longer than it is asked.
  if (answer !== undefined) lines.pause()
  if (answer === undefined) throw new CliFailure(1, 'nothing was answered; nothing was written')
  return answer
}
