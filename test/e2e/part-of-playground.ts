/** The playground with one of its APIs: its service, routes and samples, and the page. What one API does needs no other beside it, and is there in a quarter of the time. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { apis, createPlaygroundOf } from '@tollgate/example-playground'
import type { Playground, PlaygroundOptions } from '@tollgate/example-playground'
import type { GatewayConfigInput } from '@tollgate/gateway'
import { parse } from 'yaml'

const examples = join(import.meta.dirname, '../../examples')
/** As it stands there. That the whole file can be served is `playground-recipes.test.ts`'s to say. */
const written = parse(readFileSync(join(examples, 'playground/tollgate.yaml'), 'utf8').replaceAll(' ../', ` ${examples}/`), { merge: true }) as GatewayConfigInput

export function createPart<Name extends keyof typeof apis>(name: Name, options: Omit<PlaygroundOptions, 'port'>): Promise<Playground<Name>> {
  const kept = new Set<string>(['site', name])
  const config: GatewayConfigInput = {
    ...written,
    upstreams: Object.fromEntries(Object.entries(written.upstreams).filter(([upstream]) => kept.has(upstream))),
    apis: Object.fromEntries(Object.entries(written.apis).filter(([, { upstream = '' }]) => kept.has(upstream))),
  }
  return createPlaygroundOf({ [name]: apis[name] } as { readonly [each in Name]: (typeof apis)[Name] }, { port: 0, config, ...options })
}
