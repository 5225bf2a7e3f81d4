/**
 * The references that a gateway serves, made beside the thread that serves: to write some hundred pages takes longer than a call may wait. It is done at the start and at
 * a reload that changes something of them, and never on a request.
 */
import { Worker } from 'node:worker_threads'
import type { DocsOrder, ServedFile } from './docs-order.ts'
import type { DocsPlace } from './docs-place.ts'

/** In the order of what was asked for. */
export type DocsMaker = (places: readonly DocsPlace[]) => Promise<readonly (readonly ServedFile[])[]>

/** What has not changed since it was made is kept. */
export function createDocsMaker(): DocsMaker {
  let kept = new Map<string, readonly ServedFile[]>()
  return async (places) => {
    const orders = places.map(({ contract, title, url, apiUrl }): DocsOrder => ({ declaration: contract.declaration, title, url, apiUrl }))
    const names = orders.map((order) => JSON.stringify(order))
    const unknown = orders.filter((_, at) => !kept.has(names[at] ?? ''))
    const made = unknown.length === 0 ? [] : await makeAside(unknown)
    const files = new Map(unknown.map((order, at) => [JSON.stringify(order), made[at] ?? []]))
    kept = new Map(names.map((name) => [name, files.get(name) ?? kept.get(name) ?? []]))
    return names.map((name) => kept.get(name) ?? [])
  }
}

/** Where the sources run as they are there is no such thread. */
async function makeAside(orders: readonly DocsOrder[]): Promise<readonly (readonly ServedFile[])[]> {
  if (import.meta.url.endsWith('.ts')) return (await import('./make-docs.ts')).makeDocs(orders)
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./docs-thread.js', import.meta.url), { workerData: JSON.stringify(orders) })
    worker.once('message', (made: readonly (readonly ServedFile[])[]) => {
      resolve(made)
      void worker.terminate()
    })
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`the thread that writes the docs ended with ${code}`)))
  })
}
