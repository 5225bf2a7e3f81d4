/** What an avatar is drawn from: flat shapes on a square of 200 by 200, and where its mouth is. */
import { fieldsOf } from '@tollgate/example-parts/json-fields'

export interface Portrait {
  readonly background: string
  readonly shapes: readonly { readonly d: string; readonly fill: string }[]
  readonly mouth: { readonly x: number; readonly y: number; readonly width: number }
}

/** Undefined for text that is not a whole portrait. */
export function parsePortrait(text: string): Portrait | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isPortrait(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** All of it ends in the text of a drawing, so nothing passes that could be more than a colour, a path or a number. */
function isPortrait(value: unknown): value is Portrait {
  const fields = fieldsOf(value)
  const mouth = fieldsOf(fields?.get('mouth'))
  const shapes: unknown = fields?.get('shapes')
  return isColour(fields?.get('background')) && Array.isArray(shapes) && shapes.every(isShape) && ['x', 'y', 'width'].every((name) => Number.isFinite(mouth?.get(name)))
}

function isShape(value: unknown): boolean {
  const fields = fieldsOf(value)
  const path = fields?.get('d')
  return typeof path === 'string' && /^[MLHVCSQTAZ\d ,.-]+$/i.test(path) && isColour(fields?.get('fill'))
}

function isColour(value: unknown): boolean {
  return typeof value === 'string' && /^#[\da-f]{6}$/.test(value)
}
