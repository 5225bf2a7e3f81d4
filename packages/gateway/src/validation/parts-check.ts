/** A check of the parts of a request that have a schema each: its query, its JSON body, its form. */
import { queryPairs, type FormCheck, type RequestCheck } from 'tollgate/gate'
import { checkOf } from './body-check.ts'
import { formTypes, readForm } from './form-body.ts'
import { createNamedCheck } from './named-values.ts'
import type { SchemaNode } from './schema-node.ts'

export function createPartsCheck({ query, body, form }: { readonly [part in 'query' | 'body' | 'form']?: SchemaNode }): RequestCheck {
  const ofQuery = query && createNamedCheck(query, 'query')
  const ofBody = body && checkOf(body)
  const ofForm = form && formCheck(form)
  return {
    parameters: ({ query: text }) => (ofQuery === undefined ? [] : ofQuery.check(ofQuery.typed(queryPairs(text)))),
    body:
      ofBody === undefined && ofForm === undefined
        ? undefined
        : { isRequired: true, checkFor: (mediaType) => (formTypes.some((type) => type === mediaType) ? ofForm : ofBody) },
  }
}

function formCheck(node: SchemaNode): FormCheck {
  const { typed, check } = createNamedCheck(node, 'body')
  return {
    async read(bytes, contentType) {
      const values = await readForm(bytes, contentType)
      return values && typed(values)
    },
    check,
  }
}
