/** A chat completion: what is being written, and the object that it becomes when it is whole. */

export type FinishReason = 'stop' | 'length'

/** An answer that is being written: yields tokens, and returns why it ended. */
export type Choice = AsyncGenerator<string, FinishReason, void>

export interface Completion {
  readonly id: string
  /** Unix seconds. */
  readonly created: number
  /** The one that answers: `auto` is resolved. */
  readonly model: string
  readonly promptTokens: number
  readonly choices: readonly Choice[]
}

/** Ends after `tokensMax` tokens, if there are more. */
export async function* createChoice(tokens: AsyncIterable<string>, tokensMax: number): Choice {
  let written = 0
  for await (const token of tokens) {
    if (written === tokensMax) return 'length'
    written++
    yield token
  }
  return 'stop'
}

/** Rejects where the model breaks down. */
export async function toObject({ id, created, model, promptTokens, choices }: Completion) {
  let written = 0
  const whole: unknown[] = []
  for (const [index, choice] of choices.entries()) {
    let content = ''
    let step = await choice.next()
    for (; step.done !== true; step = await choice.next()) {
      content += step.value
      written++
    }
    whole.push({ index, message: { role: 'assistant', content, refusal: null }, logprobs: null, finish_reason: step.value })
  }
  return { id, object: 'chat.completion', created, model, choices: whole, usage: toUsage(promptTokens, written) }
}

export function toUsage(prompt: number, completion: number) {
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion }
}
