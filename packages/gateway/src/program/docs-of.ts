/** The references of APIs, as the front answers for them. */
import type { DocsPlace } from '../docs/serve/docs-place.ts'
import type { DocsAnswers } from '../docs/serve/docs-answers.ts'
import type { DocsMaker } from '../docs/serve/made-docs.ts'

/** Undefined: there are none to serve. */
export type DocsOf = (places: readonly DocsPlace[]) => Promise<DocsAnswers | undefined>

/** Nothing of it is loaded where no API asks for it. Where it fails, calls go on without it: what went wrong is told. */
export function createDocsOf(onError: (error: unknown) => void): DocsOf {
  let make: DocsMaker | undefined
  return async (places) => {
    if (places.length === 0) return undefined
    try {
      const [{ createDocsMaker }, { createDocsAnswers }] = await Promise.all([import('../docs/serve/made-docs.ts'), import('../docs/serve/docs-answers.ts')])
      make ??= createDocsMaker()
      const made = await make(places)
      return createDocsAnswers(places.map(({ at }, index) => ({ at, files: made[index] ?? [] })))
    } catch (error) {
      onError(error)
      return undefined
    }
  }
}
