/**
 * What the models know: themes, each a file of words to write with and colours to paint with. A theme is opened when it is needed, and not before;
 * one whose file is damaged fails whoever needs it, and nobody else.
 */
import { readFile } from 'node:fs/promises'
import { fieldsOf } from '@tollgate/example-parts/json-fields'
import type { Dice } from './dice.ts'

export interface Theme {
  /** `the harbour`: who or what does something. */
  readonly subjects: readonly string[]
  /** `holds its breath`: what they do. */
  readonly deeds: readonly string[]
  /** `toward evening`: when, where or how. */
  readonly moments: readonly string[]
  /** Five colours, from the sky to what is nearest. */
  readonly palette: Palette
}

export type Palette = readonly string[]

export interface Library {
  /** The theme that a word of the text asks for, otherwise one of the everyday ones. Rejects where its file is damaged. */
  themeFor(text: string, dice: Dice): Promise<Theme>
}

/** `folder` with a slash at its end. */
export function createLibrary(folder: URL): Library {
  async function open(file: string): Promise<unknown> {
    return JSON.parse(await readFile(new URL(file, folder), 'utf8'))
  }

  async function openTheme(name: string): Promise<Theme> {
    const theme = await open(`themes/${name}.json`).catch((cause: unknown) => {
      throw new Error(`the theme ${name} is damaged or lost`, { cause })
    })
    if (!isTheme(theme)) throw new Error(`the theme ${name} is damaged`)
    return theme
  }

  return {
    async themeFor(text, dice) {
      const index = (await open('index.json')) as { readonly everyday: readonly string[]; readonly words: Readonly<Record<string, string>> }
      const byWord = new Map(Object.entries(index.words))
      const named = wordsOf(text.toLowerCase()).map((word) => byWord.get(word)).find((name) => name !== undefined)
      return openTheme(named ?? dice.pick(index.everyday))
    },
  }
}

export function wordsOf(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}'’-]*/gu) ?? []
}

/** The colours end in the text of a drawing, so nothing passes there that could be more than a colour. */
function isTheme(value: unknown): value is Theme {
  const fields = fieldsOf(value)
  const palette: unknown = fields?.get('palette')
  const isColour = (one: unknown) => typeof one === 'string' && /^#[\da-f]{6}$/.test(one)
  return ['subjects', 'deeds', 'moments'].every((name) => isPhrases(fields?.get(name))) && Array.isArray(palette) && palette.length === 5 && palette.every(isColour)
}

function isPhrases(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string' && one !== '')
}
