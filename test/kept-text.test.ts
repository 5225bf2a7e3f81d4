import { expect, it } from 'vitest'
import { keptTexts } from './kept-text.ts'

const ids = /id_\d+/g
const kept = (befores: readonly string[], afters: readonly string[]): readonly string[] => keptTexts(befores, afters, { comparable: (line) => line.replaceAll(ids, '<id>'), ids })

it('a text stays as it was where only ids differ', () => {
  expect(kept(['id_1 is made\nid_1 is gone\n'], ['id_7 is made\nid_7 is gone\n'])).toEqual(['id_1 is made\nid_1 is gone\n'])
})

it('a line that says something else is new, and the lines around it stay', () => {
  expect(kept(['id_1 is made\n3 left\nid_1 is gone\n'], ['id_7 is made\n2 left\nid_7 is gone\n'])).toEqual(['id_1 is made\n2 left\nid_1 is gone\n'])
})

it('a new line says the ids that the old lines say, before them and after them', () => {
  expect(kept(['first\n', 'id_1 is made\n'], ['new: id_7\n', 'id_7 is made\nnew: id_7, id_8\n'])).toEqual(['new: id_1\n', 'id_1 is made\nnew: id_1, id_8\n'])
})

it('each old line is taken once and in its order, whatever comes between or goes', () => {
  expect(kept(['id_1\nid_2\n'], ['id_7\nnew\nid_8\nid_9\n'])).toEqual(['id_1\nnew\nid_2\nid_9\n'])
  expect(kept(['gone\nid_1\n'], ['id_7\n'])).toEqual(['id_1\n'])
  expect(kept([], ['id_7\n'])).toEqual(['id_7\n'])
})
