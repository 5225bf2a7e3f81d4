/**
 * The path parameters of an operation, from what the gateway's own route has found. The two name them as they like, and the operation's path may lack what
 * comes before (a server's prefix), so they are laid over each other from their ends.
 */

type Params = { readonly [name: string]: string }

/** A sentence where they cannot be laid over each other. */
export function pathValuesOf(template: string, routePath: string): string | ((params: Params) => ReadonlyMap<string, string>) {
  const asked = template.split('/').slice(1)
  const own = routePath.split('/').slice(1)
  const hasRest = own.at(-1)?.endsWith('...}') === true
  const parts = asked.map(toPart)
  const apart = hasRest ? undefined : parts.find(({ names, pattern }, at) => {
    const segment = own[own.length - asked.length + at]
    // Where the route has not even all segments, a word in place of a parameter is another path.
    if (names.length > 0) return segment === undefined || (asked.length > own.length && !segment.startsWith('{'))
    return segment !== undefined && !segment.startsWith('{') && !pattern.test(segment)
  })
  if (apart !== undefined) return `its path ${template} does not lie at the end of the route's ${routePath}, so its parameters are not known`
  return (params) => {
    const segments = own.flatMap((segment) => {
      const [, name, rest] = /^\{(\w+)(\.\.\.)?\}$/.exec(segment) ?? []
      const value = name === undefined ? segment : (params[name] ?? '')
      return rest === undefined ? [value] : value.split('/')
    })
    const values = new Map<string, string>()
    for (const [at, { names, pattern }] of parts.entries()) {
      const found = pattern.exec(segments[segments.length - parts.length + at] ?? '') ?? []
      for (const [index, name] of names.entries()) if (found[index + 1] !== undefined) values.set(name, found[index + 1] ?? '')
    }
    return values
  }
}

interface Part {
  readonly names: readonly string[]
  readonly pattern: RegExp
}

/** A segment may have several parameters and text between them: `{id}.json`. */
function toPart(segment: string): Part {
  const names = [...segment.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name)
  const literals = segment.split(/\{[^{}]+\}/).map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
  return { names, pattern: new RegExp(`^${literals.join('(.+?)')}$`, 's') }
}
