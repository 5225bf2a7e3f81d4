export { createCallApi, type CallApi, type CallApiSetup } from './call-api.ts'
