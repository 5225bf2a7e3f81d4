/** What every engine that keeps documents must keep. */
import { compact } from '../contract/values/compact.ts'
import { applyDocument, type ChangePage, type Documents } from '../directory/documents.ts'
import { assertEqual, assertRejects } from './assert.ts'
import { timed, type StoreConformanceCase, type TimedCase } from './store-case.ts'

const documentCases: readonly TimedCase<Documents>[] = [
  {
    name: 'what is written to documents is heard in its order, once, from a cursor on',
    async run(harness) {
      const store = await harness.create()
      const put = (id: string, expect?: number) => applyDocument(store, compact({ kind: 'put', collection: 'c', id, value: 1, expect }))
      await put('before')
      const { cursor, ...begin } = await store.changes(undefined, 10)
      assertEqual(begin, { changes: [], complete: true }, 'without a cursor, nothing yet')
      await put('x', 0)
      await applyDocument(store, { kind: 'delete', collection: 'c', id: 'before' })
      await put('y', 0)
      const first = await store.changes(cursor, 2)
      const rest = await store.changes(first.cursor, 2)
      const ids = (page: ChangePage) => page.changes.map(({ collection, id }) => `${collection} ${id}`)
      assertEqual([ids(first), first.complete], [['c x', 'c before'], true], 'a page')
      assertEqual([ids(rest), rest.complete], [['c y'], true], 'the rest')
      assertEqual(ids(await store.changes(rest.cursor, 2)), [], 'nothing more')
      await store.close()
    },
  },
  {
    name: 'a document is written only over the version that was expected',
    async run(harness) {
      const store = await harness.create()
      const put = (value: unknown, expect?: number) => applyDocument(store, { kind: 'put', collection: 'c', id: 'x', value, ...compact({ expect }) })
      const document = { collection: 'c', id: 'x' }
      assertEqual(await put('a', 1), { written: false, document: undefined }, 'nothing stands there')
      assertEqual(await put('a', 0), { written: true, document: { ...document, value: 'a', version: 1 } }, 'the first')
      assertEqual(await put('b', 0), { written: false, document: { ...document, value: 'a', version: 1 } }, 'not over another')
      assertEqual(await put('b', 1), { written: true, document: { ...document, value: 'b', version: 2 } }, 'over the version expected')
      assertEqual(await put('c'), { written: true, document: { ...document, value: 'c', version: 3 } }, 'without expectation')
      assertEqual(await store.get('c', 'x'), { ...document, value: 'c', version: 3 }, 'what is read')
      const remove = { kind: 'delete', collection: 'c', id: 'x' } as const
      assertEqual([await applyDocument(store, remove), await applyDocument(store, remove)], [{ deleted: true }, { deleted: false }], 'deleting twice')
      assertEqual(await store.get('c', 'x'), undefined, 'after deleting')
      await store.close()
    },
  },
  {
    name: 'of many writers who expect one version exactly one writes',
    async run(harness) {
      const store = await harness.create()
      const puts = Array.from({ length: 20 }, (_, value) => applyDocument(store, { kind: 'put', collection: 'c', id: 'x', value, expect: 0 }))
      assertEqual((await Promise.all(puts)).filter(({ written }) => written).length, 1, 'writers')
      await store.close()
    },
  },
  {
    name: 'documents are listed in order of id, by parent, page by page',
    async run(harness) {
      const store = await harness.create()
      const ids = ['b', 'a', 'a2', 'B', 'é', '\u{1F600}', '\u{FFFD}']
      await store.apply(ids.map((id) => ({ kind: 'put', collection: 'c', id, value: { id }, parent: id.startsWith('a') ? 'p' : 'q' }) as const))
      const list = async (options: Parameters<Documents['list']>[1]) => (await store.list('c', options)).map(({ id }) => id)
      assertEqual(await list({ limit: 10 }), ['B', 'a', 'a2', 'b', 'é', '\u{FFFD}', '\u{1F600}'], 'all')
      assertEqual(await list({ limit: 2, after: 'a' }), ['a2', 'b'], 'a page')
      assertEqual(await list({ limit: 5, parent: 'p' }), ['a', 'a2'], 'the children')
      assertEqual(await list({ limit: 5, parent: 'p', after: 'a' }), ['a2'], 'the rest of the children')
      assertEqual(await store.list('other', { limit: 5 }), [], 'another collection')
      await store.close()
    },
  },
  {
    name: 'parents are listed once each, in order, page by page, as long as they have a document',
    async run(harness) {
      const store = await harness.create()
      const parents = { a: 'q', b: 'p', c: 'q', d: '\u{1F600}', e: '\u{FFFD}' }
      await store.apply(Object.entries(parents).map(([id, parent]) => ({ kind: 'put', collection: 'c', id, value: 1, parent }) as const))
      await applyDocument(store, { kind: 'put', collection: 'c', id: 'f', value: 1 })
      assertEqual(await store.parents('c', { limit: 10 }), ['p', 'q', '\u{FFFD}', '\u{1F600}'], 'all')
      assertEqual([await store.parents('c', { limit: 2 }), await store.parents('c', { limit: 2, after: 'q' })], [['p', 'q'], ['\u{FFFD}', '\u{1F600}']], 'two pages')
      await applyDocument(store, { kind: 'put', collection: 'c', id: 'b', value: 2, parent: 'r' })
      await applyDocument(store, { kind: 'delete', collection: 'c', id: 'a' })
      assertEqual(await store.parents('c', { limit: 2 }), ['q', 'r'], 'after one has moved, and one of two is gone')
      assertEqual(await store.parents('other', { limit: 5 }), [], 'another collection')
      await store.close()
    },
  },
  {
    name: 'what comes back shares nothing with what was given',
    async run(harness) {
      const store = await harness.create()
      const value = { words: ['one'] }
      await applyDocument(store, { kind: 'put', collection: 'c', id: 'x', value })
      value.words.push('two')
      assertEqual((await store.get('c', 'x'))?.value, { words: ['one'] }, 'the document')
      await assertRejects(applyDocument(store, { kind: 'put', collection: 'c', id: 'y', value: undefined }), 'undefined is not JSON')
      await store.close()
    },
  },
  {
    name: 'names of Object.prototype are ordinary ids',
    async run(harness) {
      const store = await harness.create()
      assertEqual(await store.get('constructor', '__proto__'), undefined, 'a document that was never put')
      await applyDocument(store, { kind: 'put', collection: 'constructor', id: '__proto__', value: 1 })
      assertEqual((await store.get('constructor', '__proto__'))?.version, 1, 'one that was')
      await store.close()
    },
  },
  {
    name: 'an engine of documents that was closed rejects, and what it has is there again when it is opened',
    async run(harness) {
      const store = await harness.create()
      await applyDocument(store, { kind: 'put', collection: 'c', id: 'x', value: { a: [1, null] }, parent: 'p' })
      await store.close()
      await store.close()
      await assertRejects(store.get('c', 'x'), 'a read')
      if (harness.reopen === undefined) return
      const again = await harness.reopen(store)
      assertEqual(await again.get('c', 'x'), { collection: 'c', id: 'x', parent: 'p', value: { a: [1, null] }, version: 1 }, 'the document')
      await again.close()
    },
  },
]

/**
 * What an engine that keeps documents must keep, as named cases for any test runner.
 *
 * @example
 * for (const { name, run } of documentsConformanceCases) test(name, () => run({ create: () => store }))
 *
 * declare function test(name: string, run: () => Promise<void>): void
 */
export const documentsConformanceCases: readonly StoreConformanceCase<Documents>[] = documentCases.map(timed)
