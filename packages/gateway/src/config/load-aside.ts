/**
 * The configuration for a reload, while calls are served: a thread of its own reads the files and finds what is wrong with them, and hands them over parsed,
 * piece by piece; what is made of them here, where functions must be made, is made in slices.
 */
import { Worker } from 'node:worker_threads'
import { isGroup } from './read/group.ts'
import { loadConfig, loadInSlices, type LoadedConfig, type LoadOptions } from './load-config.ts'
import type { ConfigProblem } from './read/config-problem.ts'

/** What the thread says: what is wrong, or that there are files to come. They are asked for one by one, so that each has a turn of its own. */
export type ReaderMessage =
  | { readonly kind: 'problems'; readonly problems: readonly ConfigProblem[] }
  | { readonly kind: 'fine'; readonly warnings: readonly ConfigProblem[] }
  | { readonly kind: 'piece'; readonly path: string; readonly piece: Piece }
  | { readonly kind: 'end' }

/** A file whole, or some items of a long list, or some entries of a long map. */
export type Piece =
  | { readonly kind: 'whole'; readonly data: unknown }
  | { readonly kind: 'items'; readonly items: readonly unknown[] }
  | { readonly kind: 'entries'; readonly entries: readonly (readonly [string, unknown])[] }

export interface ReaderInput {
  readonly file: string
  readonly environment: LoadOptions['environment']
}

export async function loadConfigAside(file: string, options: LoadOptions): Promise<LoadedConfig> {
  const read = await readAside(file, options)
  if (read === undefined) return loadConfig(file, options)
  if (read.kind === 'problems') return { ok: false, problems: read.problems }
  const { files, warnings } = read
  const loaded = await loadInSlices(file, { ...options, readAhead: files })
  // Found there, with their places in the file.
  return loaded.ok ? { ...loaded, warnings } : loaded
}

export interface ParsedFile {
  readonly data: unknown
}

type Read =
  | { readonly kind: 'problems'; readonly problems: readonly ConfigProblem[] }
  | { readonly kind: 'fine'; readonly warnings: readonly ConfigProblem[]; readonly files: ReadonlyMap<string, ParsedFile> }

/** Undefined: there can be no such thread, as where the sources run as they are. */
function readAside(file: string, { environment }: LoadOptions): Promise<Read | undefined> {
  if (import.meta.url.endsWith('.ts')) return Promise.resolve(undefined)
  const input: ReaderInput = { file, environment: { ...environment } }
  return new Promise((settle) => {
    const worker = new Worker(new URL('./config-reader.js', import.meta.url), { workerData: input })
    const files = new Map<string, { data: unknown }>()
    let warnings: readonly ConfigProblem[] = []
    const end = (read: Read | undefined): void => {
      settle(read)
      void worker.terminate()
    }
    worker.on('error', () => end(undefined))
    worker.on('exit', () => settle(undefined))
    worker.on('message', (message: ReaderMessage) => {
      if (message.kind === 'problems') return end({ kind: 'problems', problems: message.problems })
      if (message.kind === 'end') return end({ kind: 'fine', warnings, files })
      if (message.kind === 'fine') ({ warnings } = message)
      else addPiece(files, message.path, message.piece)
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
      setImmediate(() => worker.postMessage('next'))
    })
  })
}

function addPiece(files: Map<string, { data: unknown }>, path: string, piece: Piece): void {
  const known = files.get(path)
  if (piece.kind === 'whole') files.set(path, { data: piece.data })
  else if (piece.kind === 'items') {
    if (Array.isArray(known?.data)) known.data.push(...piece.items)
    else files.set(path, { data: [...piece.items] })
  } else {
    const data = isGroup(known?.data) ? known.data : {}
    // Assigning __proto__ would change the object instead of adding to it.
    for (const [name, value] of piece.entries) Object.defineProperty(data, name, { value, enumerable: true, writable: true, configurable: true })
    files.set(path, { data })
  }
}
