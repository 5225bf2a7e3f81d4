/** Every file of the start, as text: nothing is written here. */
import { stringify } from 'yaml'
import { draftConfig } from './draft-config.ts'
import { draftContract, type ContractChoice } from './draft-contract.ts'
import { draftReadme } from './draft-readme.ts'
import { draftService } from './draft-service.ts'
import { draftTest, GATEWAY } from './draft-test.ts'
import type { InitAnswers } from './init-answers.ts'

export interface DraftedFile {
  /** Below the folder. */
  readonly path: string
  readonly text: string
  /** One that is there already is good enough. */
  readonly mayBeThere?: boolean
}

/** `version`: of the gateway that is to be installed. */
export function draftFiles(answers: InitAnswers, version: string): readonly DraftedFile[] {
  return [
    { path: 'contract.yaml', text: contractText(answers) },
    { path: 'tollgate.yaml', text: draftConfig(answers) },
    ...(answers.upstream === undefined ? [{ path: 'service.mjs', text: draftService(answers) }] : []),
    { path: 'test/refusals.test.mjs', text: draftTest(answers) },
    { path: 'README.md', text: draftReadme(answers), mayBeThere: true },
    { path: 'package.json', text: packageText(answers, version), mayBeThere: true },
    { path: '.gitignore', text: 'node_modules/\ndata/\n', mayBeThere: true },
  ]
}

export function contractText({ name, dialect, reasons }: ContractChoice): string {
  const head = `# How ${name} refuses: one envelope, and an entry for each kind of refusal. \`npx tollgate contract check contract.yaml\` holds it to what a contract must keep;
# \`npx tollgate contract answer contract.yaml rate.limited limit=60 retryAfterMs=7000\` prints an answer. An entry also speaks for the reasons in its alsoFor.
`
  return `${head}${stringify(draftContract({ name, dialect, reasons }), { lineWidth: 150, flowCollectionPadding: true, aliasDuplicateObjects: false })}`
}

function packageText({ name, upstream }: InitAnswers, version: string): string {
  const scripts = { check: 'tollgate check', start: 'tollgate serve', service: upstream === undefined ? 'node service.mjs' : undefined, test: 'node --test' }
  return `${JSON.stringify({ name: `${name}-gateway`, private: true, type: 'module', engines: { node: '>=20.19' }, scripts, dependencies: { [GATEWAY]: version } }, null, 2)}\n`
}
