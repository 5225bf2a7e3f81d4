/** `tollgate explain`: what any pasted refusal means, whoever said it. */
import type { Command } from 'commander'
import type { Contract } from 'tollgate/contract'
import type { Explained, Explanation } from 'tollgate/explain'
import { addCommand, collectOption } from './admin-command.ts'
import { CliFailure, type CliIo } from './cli-io.ts'
import { createColours } from './colours.ts'
import { formatExplanation } from './explanation-text.ts'
import { openContract } from './open-contract.ts'

interface ExplainOptions {
  readonly contract: readonly string[]
  readonly status?: string
  readonly method?: string
  readonly json?: boolean
}

export function addExplainCommand(program: Command, io: CliIo): void {
  addCommand(program, 'explain', {
    description: 'say what a refusal means, whoever said it: paste an answer, a log line, an SDK’s exception',
    examples: [
      'curl -si https://api.example.com/v1/things | tollgate explain',
      'tollgate explain "openai.RateLimitError: Error code: 429 - {\'error\': {\'code\': \'insufficient_quota\'}}"',
      'tollgate explain --contract ./contract.yaml < answer.http',
      'tollgate explain --json < archive.har',
    ],
  })
    .argument('[text...]', 'what to explain (default: what comes on stdin)')
    .option('--contract <contract>', 'the contract of the API that was asked, a shipped one or a file; may be given several times', collectOption, [])
    .option('--status <status>', 'the status of a body that stands alone')
    .option('--method <method>', 'of the request: whether it may be repeated depends on it')
    .option('--json', 'print it as JSON')
    .addHelpText('after', '\nIt takes what `curl -i` or `curl -v` prints, an entry of an HTTP archive (HAR), a body, a stream of events, lines of a log, what an SDK has thrown.')
    .action((words: readonly string[], options: ExplainOptions) => explain(words, options, io))
}

async function explain(words: readonly string[], { contract: refs, status, method, json }: ExplainOptions, io: CliIo): Promise<void> {
  if (status !== undefined && !/^[1-5]\d{2}$/.test(status)) throw new CliFailure(2, `--status: "${status}" is no status of HTTP; write three digits, such as 429`)
  const contracts: Contract[] = []
  for (const ref of refs) contracts.push(await openContract(ref, io))
  const text = words.length > 0 ? words.join(' ') : await io.readStdin()
  // Loaded here: it compiles all dialects, which no other command needs.
  const { explainText } = await import('tollgate/explain')
  const found = explainText(text, { contract: contracts, status: status === undefined ? undefined : Number(status), method, nowMs: Date.now() })
  const explained = found.flatMap((each: Explained): readonly Explanation[] => (each.kind === 'explained' ? [each.explanation] : []))
  if (json === true) io.stdout(`${JSON.stringify(explained, null, 2)}\n`)
  else io.stdout(explained.map((each) => formatExplanation(each, createColours(io))).join('\n'))
  if (explained.length === 0) throw new CliFailure(1, nothingIn(text, found))
}

function nothingIn(text: string, [found]: readonly Explained[]): string {
  if (text.trim() === '') return 'there is nothing to explain; paste it as an argument, or on stdin'
  if (found?.kind === 'no-refusal') return found.status === undefined ? 'nothing in this says that a request was refused, or why' : `this is no refusal: the answer is a ${found.status} that says no error`
  return 'nothing in this says that a request was refused, or why'
}
