import { expect, it } from 'vitest'
import { pagesOf } from './pages.ts'

async function pagesOfList(rows: readonly number[], limit: number) {
  const asked: unknown[] = []
  const pages: (readonly number[])[] = []
  const list = async (page: { readonly limit: number; readonly before?: number | undefined }): Promise<readonly number[]> => {
    asked.push(page)
    const from = page.before === undefined ? 0 : rows.indexOf(page.before) + 1
    return rows.slice(from, from + page.limit)
  }
  for await (const page of pagesOf(list, limit)) pages.push(page)
  return { pages, asked }
}

it('goes on after the last row of each page until one is not full', async () => {
  expect(await pagesOfList([1, 2, 3, 4, 5], 2)).toEqual({ pages: [[1, 2], [3, 4], [5]], asked: [{ limit: 2 }, { limit: 2, before: 2 }, { limit: 2, before: 4 }] })
})

it('has no page of nothing', async () => {
  expect((await pagesOfList([], 2)).pages).toEqual([])
  expect((await pagesOfList([1, 2], 2)).pages).toEqual([[1, 2]])
})
