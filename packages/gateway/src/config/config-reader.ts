/** The thread that reads a configuration for `load-aside.ts`. */
import { resolve } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { readSource, type FileRead } from './read/files.ts'
import { isGroup } from './read/group.ts'
import type { Piece, ReaderInput, ReaderMessage } from './load-aside.ts'
import { loadConfig } from './load-config.ts'

/** A piece is small enough for one turn of the thread that serves. */
const ENTRIES_MAX = 500

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
const say = (message: ReaderMessage): void => parentPort?.postMessage(message)
const { file, environment } = workerData as ReaderInput
const files = new Map<string, unknown>()

function keeping(path: string, shown: string): FileRead {
  const read = readSource(path, shown)
  if (read.ok) files.set(path, read.source.data)
  return read
}

const loaded = loadConfig(file, { environment, readSource: keeping, onMain: (data) => void files.set(resolve(file), data) })
if (loaded.ok) {
  const pieces = piecesOf(files)
  parentPort?.on('message', () => {
    const next = pieces.next()
    say(next.done === true ? { kind: 'end' } : next.value)
  })
  say({ kind: 'fine', warnings: loaded.warnings })
} else say({ kind: 'problems', problems: loaded.problems })

function* piecesOf(all: ReadonlyMap<string, unknown>): Generator<ReaderMessage, undefined> {
  for (const [path, data] of all) for (const piece of cut(data)) yield { kind: 'piece', path, piece }
  return undefined
}

function* cut(data: unknown): Generator<Piece, undefined> {
  if (Array.isArray(data) && data.length > ENTRIES_MAX) {
    for (let at = 0; at < data.length; at += ENTRIES_MAX) yield { kind: 'items', items: data.slice(at, at + ENTRIES_MAX) as readonly unknown[] }
  } else if (isGroup(data) && Object.keys(data).length > ENTRIES_MAX) {
    const entries = Object.entries(data)
    for (let at = 0; at < entries.length; at += ENTRIES_MAX) yield { kind: 'entries', entries: entries.slice(at, at + ENTRIES_MAX) }
  } else yield { kind: 'whole', data }
  return undefined
}
