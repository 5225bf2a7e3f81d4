/** How much happened in a history. */
import { isWhole, type History } from './history.ts'
import { codeOf } from './judge-keys.ts'

export function figuresOf({ orders, runs, grants }: History) {
  const attempts = orders.flatMap((order) => order.attempts)
  const answers = attempts.map(({ reply }) => reply)
  return {
    orders: orders.length,
    attempts: attempts.length,
    runs: runs.length,
    whole: answers.filter(isWhole).length,
    replayed: answers.filter((reply) => reply.kind === 'answer' && reply.replayed).length,
    broken: answers.filter(({ kind }) => kind === 'broken').length,
    grants: grants.length,
    refused: countsOf(attempts.flatMap((attempt) => codeOf(attempt) ?? [])),
  }
}

function countsOf(names: readonly string[]): { readonly [name: string]: number } {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return Object.fromEntries(counts)
}
