/** The thread of `made-docs.ts`. */
import { parentPort, workerData } from 'node:worker_threads'
import { makeDocs } from './make-docs.ts'
import type { DocsOrder } from './docs-order.ts'

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
parentPort?.postMessage(makeDocs(JSON.parse(String(workerData)) as readonly DocsOrder[]))
