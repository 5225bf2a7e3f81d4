/** What one types next. */
import { FREE_A_MONTH, GATEWAY_PORT } from './draft-config.ts'
import { titleLike } from './draft-contract.ts'
import type { InitAnswers } from './init-answers.ts'
import { spokenCharge } from './spoken-charge.ts'

export function draftReadme(answers: InitAnswers): string {
  const { name, upstream } = answers
  const service = upstream === undefined ? 'npm run service &            # stands for your service, on port 9000\n' : ''
  const where = upstream === undefined ? `-X POST localhost:${GATEWAY_PORT}/v1/reports --json '{"topic":"owls"}'` : `localhost:${GATEWAY_PORT}/`
  return `# ${titleLike(name)}, behind its gateway

\`contract.yaml\` says how the API refuses, \`tollgate.yaml\` who may call and what is counted. ${spokenCharge(answers)}

\`\`\`sh
npm install
${service}npx tollgate serve --detach  # the gateway, on port ${GATEWAY_PORT}

${accountLines(answers).join('\n')}

curl -i ${where} -H "Authorization: Bearer $KEY" # answered by the service
curl -i ${where} # 401, in your envelope

npx tollgate requests list
npx tollgate stop
\`\`\`

\`npm test\` starts a gateway of its own and sees it refuse. \`npx tollgate mock contract.yaml\` plays the API for whoever writes a client.
`
}

/** An account that may call, and a key in `KEY`. */
export function accountLines({ name, charge }: Pick<InitAnswers, 'name' | 'charge'>): readonly string[] {
  const plan = planOf(charge)
  const money = charge === 'credits' || charge === 'usage' ? ['npx tollgate credits grant acme 10.00 --reason "a start" --id start'] : []
  return [
    `npx tollgate accounts create --api ${name} --plan ${plan} --name "Acme Ltd" --id acme${plan === 'free' ? ` # ${FREE_A_MONTH} calls a month` : ''}`,
    ...money,
    `KEY=$(npx tollgate keys create acme --json | node -pe 'JSON.parse(require("fs").readFileSync(0)).secret')`,
  ]
}

export function planOf(charge: InitAnswers['charge']): string {
  return charge === 'quota' ? 'free' : 'basic'
}
