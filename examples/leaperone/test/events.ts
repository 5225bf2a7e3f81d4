/** Reads server-sent events off a connection as they come. */
import { request } from 'node:http'

export interface Chunk {
  readonly id: string
  readonly object: string
  readonly created: number
  readonly model: string
  readonly choices: readonly { readonly index: number; readonly delta: { readonly role?: string; readonly content?: string }; readonly finish_reason: string | null }[]
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number; readonly total_tokens: number }
}

export interface Reading {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** So far. */
  readonly chunks: Chunk[]
  readonly isDone: () => boolean
  /** Resolves to how the connection ended: with its end, or without. */
  readonly ended: Promise<'whole' | 'broken'>
  hangUp(): void
}

export function readEvents(url: string, body: unknown): Promise<Reading> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent: false }, (response) => {
      const chunks: Chunk[] = []
      let done = false
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part
        const events = text.split('\n\n')
        text = events.pop() ?? ''
        for (const event of events) {
          if (event === 'data: [DONE]') done = true
          else chunks.push(JSON.parse(event.replace(/^data: /, '')) as Chunk)
        }
      })
      const ended = new Promise<'whole' | 'broken'>((end) => {
        response.once('end', () => end('whole')).on('error', () => end('broken'))
      })
      resolve({ status: response.statusCode ?? 0, headers: response.headers, chunks, isDone: () => done, ended, hangUp: () => sent.destroy() })
    })
    sent.on('error', reject).end(JSON.stringify(body))
  })
}

export function textOf(chunks: readonly Chunk[], index = 0): string {
  return chunks.flatMap(({ choices }) => choices.filter((choice) => choice.index === index).map(({ delta }) => delta.content ?? '')).join('')
}
