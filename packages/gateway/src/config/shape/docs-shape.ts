/** `docs` of an API: its error reference, served by the gateway itself. */
import { z } from 'zod'
import { settings, text } from '../read/scalars.ts'

/** Below the mount, and never the mount itself: that is the API's. */
const docsPath = /^\/(?!(?:.*\/)?\.{1,2}(?:\/|$))[A-Za-z0-9._~-]+(?:\/[A-Za-z0-9._~-]+)*$/

const webUrl = /^[hH][tT][tT][pP][sS]?:\/\/[^/?#@\s]+(?:\/[^?#\s]*)?$/

const address = (what: string) => z.string().regex(webUrl, 'must be a whole address, such as https://api.example.com').optional().describe(what)

export const docs = settings({
  path: z.string().regex(docsPath, 'must be a path below the mount, such as /docs, without a slash at its end').default('/docs').describe('Where it lies, below the mount. GET and HEAD there come to no route.'),
  title: text.optional().describe('Of the reference. Default: that of the contract, and "errors".'),
  url: address('Where callers find it: https://api.example.com/docs. Default: what the contract says in docs.'),
  apiUrl: address('The address of the API in its examples: https://api.example.com/v1.'),
})

export type DocsShape = z.output<typeof docs>
