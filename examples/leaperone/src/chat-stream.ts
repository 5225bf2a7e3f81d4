/**
 * A completion as server-sent events, chunk by chunk as OpenAI sends them; several choices take turns. Unlike OpenAI's, every chunk carries the
 * usage so far.
 */
import { toUsage } from './completion.ts'
import type { Completion, FinishReason } from './completion.ts'

export interface StreamOptions {
  /** Whether a last chunk without choices tells the usage, as OpenAI does when asked. */
  readonly includeUsage: boolean
  /** Aborted when the caller has gone. */
  readonly gone: AbortSignal
  /** A moment between two tokens. */
  readonly breathe: () => Promise<void>
}

interface Delta {
  readonly role?: 'assistant'
  readonly content?: string
}

/** Throws where the model does, before the first event if it cannot even begin. Whatever was begun is let go of, also when nobody reads to the end. */
export async function* toEvents({ id, created, model, promptTokens, choices }: Completion, { includeUsage, gone, breathe }: StreamOptions): AsyncGenerator<string, void, void> {
  let written = 0
  const chunk = (chosen: readonly unknown[]) => toEvent(JSON.stringify({ id, object: 'chat.completion.chunk', created, model, choices: chosen, usage: toUsage(promptTokens, written) }))
  const part = (index: number, delta: Delta, reason: FinishReason | null = null) => chunk([{ index, delta, logprobs: null, finish_reason: reason }])
  try {
    let open = await Promise.all(choices.map(async (choice, index) => ({ choice, index, step: await choice.next() })))
    for (const { index } of open) yield part(index, { role: 'assistant', content: '' })
    while (open.length > 0) {
      const unfinished: typeof open = []
      for (const { choice, index, step } of open) {
        if (gone.aborted) return
        if (step.done === true) yield part(index, {}, step.value)
        else {
          written++
          yield part(index, { content: step.value })
          unfinished.push({ choice, index, step: await choice.next() })
        }
      }
      open = unfinished
      if (open.length > 0) await breathe()
    }
    if (includeUsage) yield chunk([])
    yield toEvent('[DONE]')
  } finally {
    await Promise.all(choices.map((choice) => choice.return('stop')))
  }
}

function toEvent(data: string): string {
  return `data: ${data}\n\n`
}
