/** `tollgate openapi`: the errors of a contract as a part of an OpenAPI document. */
import { Option, type Command } from 'commander'
import type { OpenApiVersion } from '../openapi/error-components.ts'
import { addCommand } from './admin-command.ts'
import { CliFailure, type CliIo } from './cli-io.ts'
import { openContract } from './open-contract.ts'
import { deliver, readDocument, type OutputOptions } from './output-file.ts'

interface Options extends OutputOptions {
  readonly version?: OpenApiVersion
  readonly operations?: readonly string[]
  readonly prefix?: string
  readonly keep?: boolean
  readonly replace?: boolean
}

export function addOpenapiCommand(program: Command, io: CliIo): void {
  addCommand(program, 'openapi <contract> [document]', {
    description: 'write the errors of a contract as OpenAPI: a document of their own, or merged into one that is there',
    examples: [
      'tollgate openapi ./my-contract.yaml',
      'tollgate openapi ./my-contract.yaml api.yaml --out api.yaml',
      'tollgate openapi ./my-contract.yaml api.yaml --check',
      'tollgate openapi ./my-contract.yaml api.yaml --operations createThing "GET /v1/*" --out api.yaml',
    ],
  })
    .addOption(new Option('--version <version>', 'of OpenAPI; 3.2 says what errors are in a stream, too (default: that of the document, or 3.1)').choices(['3.1', '3.2']))
    .option('--operations <names...>', 'only these: by operationId, or by method and path; "*" stands for anything')
    .option('--prefix <text>', 'in front of the names of our components, where the document has such names already')
    .addOption(new Option('--keep', 'leave what stands where ours belongs').conflicts('replace'))
    .option('--replace', 'write ours in place of what stands there')
    .option('--out <file>', 'write it there (default: to stdout)')
    .option('--check', 'write nothing; exit 1 where the file (--out, or the document) is not up to date')
    .action(async (ref: string, file: string | undefined, { version, operations, prefix, keep, replace, ...output }: Options) => {
      const [{ writeOpenApi }, { describeContract, EXAMPLE_NOW_MS }] = await Promise.all([import('../openapi/write-open-api.ts'), import('../docs/model/describe-contract.ts')])
      const contract = await openContract(ref, io)
      const target = output.out ?? (output.check === true ? file : undefined)
      const result = writeOpenApi({
        contract,
        described: describeContract(contract, { nowMs: EXAMPLE_NOW_MS }),
        version,
        operations,
        prefix,
        document: file === undefined ? undefined : { text: readDocument(file, io), shown: file },
        format: target?.endsWith('.json') === true ? 'json' : 'yaml',
        existing: keep === true ? 'keep' : replace === true ? 'replace' : 'name',
      })
      if (result.kind === 'refused') throw new CliFailure(2, result.message)
      if (result.kind === 'conflicts') throw new CliFailure(1, `${result.conflicts.map((path) => `${file}: ${path} is there already, and not of "${contract.name}"`).join('\n')}\nnothing was written: --keep leaves what stands there, --replace writes ours in its place, --prefix gives our components other names`)
      for (const note of result.notes) io.stderr(`note: ${note}\n`)
      deliver(result.text, { ...output, out: target }, io)
    })
}
