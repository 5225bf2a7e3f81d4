/** A service to stand behind the gateway, where there is none yet. */
import { SERVICE_PORT } from './draft-config.ts'
import type { InitAnswers } from './init-answers.ts'

export function draftService({ charge }: Pick<InitAnswers, 'charge'>): string {
  const usage = charge === 'usage' ? ", usage: { total_tokens: 1200 }" : ''
  return `// Stands for your service: it knows nothing of keys, limits or money. Any language will do.
import { createServer } from 'node:http'

const server = createServer(async (request, response) => {
  let text = ''
  for await (const piece of request) text += piece
  const account = request.headers['tollgate-account'] // who is calling, as the gateway has proven
  const { topic = 'the weather' } = text === '' ? {} : JSON.parse(text)
  response.setHeader('content-type', 'application/json')
  response.end(\`\${JSON.stringify({ account, report: \`All is well with \${topic}.\`${usage} })}\\n\`)
})

server.listen(Number(process.env.SERVICE_PORT ?? ${SERVICE_PORT}), '127.0.0.1', () => console.log(\`the service listens on port \${server.address().port}\`))
`
}
