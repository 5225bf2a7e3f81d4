/** Runs the service by itself: `PORT=9104 node dist/main.js`. */
import { runService } from '@tollgate/example-parts/run-service'
import { createAiApiService } from './service.ts'

await runService({ name: 'The AI-API', port: 9104, create: (onError) => createAiApiService({ onError }) })
