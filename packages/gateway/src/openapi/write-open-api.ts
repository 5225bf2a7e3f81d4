/** An OpenAPI document with the errors of a contract: a new one, or one that is there with ours merged into it. */
import { stringify } from 'yaml'
import type { Contract } from 'tollgate/contract'
import type { DescribedContract } from '../docs/model/described-contract.ts'
import { formatProblem } from '../config/read/config-problem.ts'
import { isGroup, type Group } from '../config/read/group.ts'
import { suggestion } from '../config/read/suggestion.ts'
import { parseYamlSource } from '../config/read/yaml-source.ts'
import { editText } from './document-text.ts'
import { errorComponents, type OpenApiVersion } from './error-components.ts'
import { unknownOperations } from './document-operations.ts'
import { planMerge, type MergeOptions } from './merge-plan.ts'

export interface OpenApiRequest extends Partial<MergeOptions> {
  readonly contract: Contract
  readonly described: DescribedContract
  /** Default: that of the document, or 3.1. */
  readonly version?: OpenApiVersion | undefined
  readonly prefix?: string | undefined
  /** Undefined: there is none. */
  readonly document?: { readonly text: string; readonly shown: string } | undefined
  /** Of a new document. */
  readonly format?: 'yaml' | 'json'
}

export type OpenApiResult =
  | { readonly kind: 'written'; readonly text: string; readonly notes: readonly string[] }
  /** Something stands where ours belongs; by its paths. */
  | { readonly kind: 'conflicts'; readonly conflicts: readonly string[] }
  | { readonly kind: 'refused'; readonly message: string }

export function writeOpenApi({ contract, described, version, prefix = '', document, format = 'yaml', operations, existing = 'name' }: OpenApiRequest): OpenApiResult {
  if (!/^[\w.-]*$/.test(prefix)) return { kind: 'refused', message: `"${prefix}" cannot stand in the name of a component; write letters, digits, ".", "-" and "_"` }
  if (document === undefined) return writeNew({ contract, described, version: version ?? '3.1', prefix, format })
  const parsed = parseYamlSource(document.text)
  if (!parsed.ok) return { kind: 'refused', message: formatProblem({ ...(parsed.problems[0] ?? { path: [], message: 'not valid YAML' }), file: document.shown }) }
  const { data } = parsed.value
  const stated = versionOf(data)
  if (!stated.ok) return { kind: 'refused', message: `${document.shown}: ${stated.message}` }
  if (version !== undefined && version !== stated.version) return { kind: 'refused', message: `${document.shown} is OpenAPI ${stated.version}, and --version says ${version}; change its line "openapi", or leave --version out` }
  const { unknown, names } = unknownOperations(stated.data, operations ?? [])
  if (unknown[0] !== undefined) return { kind: 'refused', message: `${document.shown} has no operation "${unknown[0]}"${suggestion(unknown[0], names)}` }
  const components = errorComponents(contract, described, { version: stated.version, prefix })
  const plan = planMerge(stated.data, contract, components, { operations, existing })
  if (plan.conflicts.length > 0) return { kind: 'conflicts', conflicts: plan.conflicts }
  const edited = editText(document.text, data, plan.edits)
  return edited.ok ? { kind: 'written', text: edited.text, notes: plan.notes } : { kind: 'refused', message: `${document.shown}: ${edited.message}` }
}

function writeNew({ contract, described, version, prefix, format }: { readonly contract: Contract; readonly described: DescribedContract; readonly version: OpenApiVersion; readonly prefix: string; readonly format: 'yaml' | 'json' }): OpenApiResult {
  const { schemas, responses, examples, headers } = allOf(contract, described, version, prefix)
  const document = {
    openapi: version === '3.1' ? '3.1.1' : '3.2.0',
    info: { title: `${described.title}: errors`, version: '1.0.0', description: `How ${described.title} refuses: each of its errors, with an example.` },
    servers: [{ url: '/', description: 'Wherever the API is.' }],
    paths: {},
    components: { schemas, responses, headers, examples },
  }
  return { kind: 'written', text: format === 'json' ? `${JSON.stringify(document, null, 2)}\n` : stringify(document, { lineWidth: 0, aliasDuplicateObjects: false }), notes: [] }
}

function allOf(contract: Contract, described: DescribedContract, version: OpenApiVersion, prefix: string) {
  const { schemas, examples, headers, byStatus, responseName, responseOf } = errorComponents(contract, described, { version, prefix })
  return { schemas, examples, headers, responses: Object.fromEntries([...byStatus].map(([status, all]) => [responseName(status), responseOf(all)])) }
}

type Version = { readonly ok: true; readonly version: OpenApiVersion; readonly data: Group } | { readonly ok: false; readonly message: string }

function versionOf(data: unknown): Version {
  if (!isGroup(data)) return { ok: false, message: 'it is no OpenAPI document: it is no map' }
  const { openapi, swagger } = data
  const said = typeof openapi === 'string' ? openapi : typeof swagger === 'string' ? swagger : undefined
  if (said === undefined) return { ok: false, message: 'it is no OpenAPI document: it has no line "openapi: 3.1.1"' }
  const version = (['3.1', '3.2'] as const).find((each) => said.startsWith(`${each}.`))
  if (version !== undefined) return { ok: true, version, data }
  return { ok: false, message: `it is OpenAPI ${said}, whose schemas cannot say what ours do (a constant, a null); bring it to 3.1 first: nearly always it is enough to write "openapi: 3.1.1", and type: [string, "null"] in place of nullable: true` }
}
