/** `tollgate types`: the errors of a contract as types of a language. */
import { Option, type Command } from 'commander'
import type { TypeTarget } from '../types/write-types.ts'
import { addCommand } from './admin-command.ts'
import { CliFailure, type CliIo } from './cli-io.ts'
import { openContract } from './open-contract.ts'
import { deliver, type OutputOptions } from './output-file.ts'

export function addTypesCommand(program: Command, io: CliIo): void {
  addCommand(program, 'types <contract>', {
    description: 'write the errors of a contract as types: declarations of TypeScript, Zod, JSON Schema, or a module of Python',
    examples: [
      'tollgate types ./my-contract.yaml --out src/api-errors.ts',
      'tollgate types ./my-contract.yaml --to zod --out src/api-errors.ts',
      'tollgate types ./my-contract.yaml --to python --out my_api_errors.py',
      'tollgate types ./my-contract.yaml --out src/api-errors.ts --check',
    ],
  })
    .addOption(new Option('--to <language>', 'in which language').choices(['typescript', 'zod', 'json-schema', 'python'] satisfies TypeTarget[]).default('typescript'))
    .option('--out <file>', 'write it there (default: to stdout)')
    .option('--check', 'write nothing; exit 1 where the file is not up to date')
    .action(async (ref: string, { to, ...output }: OutputOptions & { readonly to: TypeTarget }) => {
      const [{ writeTypes }, { describeContract, EXAMPLE_NOW_MS }] = await Promise.all([import('../types/write-types.ts'), import('../docs/model/describe-contract.ts')])
      const contract = await openContract(ref, io)
      const result = writeTypes(contract, describeContract(contract, { nowMs: EXAMPLE_NOW_MS }), to)
      if (result.kind === 'refused') throw new CliFailure(1, result.message)
      deliver(result.text, output, io)
    })
}
