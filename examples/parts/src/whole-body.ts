import type { IncomingMessage } from 'node:http'

/** The body as text; undefined when there is more of it than `bytesMax`; the rest is read away, so that the answer can still be heard. */
export async function readWholeBody(request: IncomingMessage, bytesMax: number): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes <= bytesMax) chunks.push(chunk)
  }
  return bytes <= bytesMax ? Buffer.concat(chunks).toString('utf8') : undefined
}
