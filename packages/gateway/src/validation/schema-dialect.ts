/** The languages that a schema may be written in. */

export type SchemaDialect = '2020-12' | 'draft-07' | 'openapi-3.0' | 'openapi-3.1'

/** What `$schema` names; undefined for any other language. */
export function dialectNamed(uri: string): SchemaDialect | undefined {
  if (/^https?:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/.test(uri)) return '2020-12'
  if (/^https?:\/\/json-schema\.org\/draft-07\/schema#?$/.test(uri)) return 'draft-07'
  return uri.startsWith('https://spec.openapis.org/oas/3.1/dialect/') ? 'openapi-3.1' : undefined
}

/** Where schemas stand within a schema: what `$id` and anchors are looked for in. */
export const schemaMaps: ReadonlySet<string> = new Set('properties patternProperties dependentSchemas $defs definitions dependencies'.split(' '))
export const schemaLists: ReadonlySet<string> = new Set('allOf anyOf oneOf prefixItems items'.split(' '))
export const singleSchemas: ReadonlySet<string> = new Set(
  'items additionalItems unevaluatedItems contains additionalProperties unevaluatedProperties propertyNames not if then else'.split(' '),
)

/** What checks nothing by itself: annotations, those of OpenAPI too, what the reading of the document has used up, and what `if` reads. */
export const annotations: ReadonlySet<string> = new Set(
  [
    '$schema $id $anchor $dynamicAnchor $defs definitions $comment $vocabulary',
    'title description default examples deprecated readOnly writeOnly contentEncoding contentMediaType contentSchema',
    'example xml externalDocs discriminator nullable then else',
  ].flatMap((line) => line.split(' ')),
)
