// The running gateway
export { startGateway, type GatewayStart, type RunningGateway } from './program/program.ts'
export { programVersion } from './platform/version.ts'
export { GatewayStartError } from './platform/start-error.ts'
export { createSystemClock, type SystemClock } from './platform/system-clock.ts'
export { connectPostgres, type ConnectPostgresOptions, type PostgresTarget } from './platform/postgres.ts'
export { createJsonLog, silentLog, type Log, type LogFields } from './platform/log.ts'

// Its configuration
export { loadConfig, type LoadedConfig, type LoadOptions } from './config/load-config.ts'
export { formatProblem, type ConfigProblem } from './config/read/config-problem.ts'
export { configJsonSchema, type FileInput as GatewayConfigInput } from './config/shape/file-shape.ts'
export type { GatewayConfig } from './config/gateway-config.ts'
export { createBodyCheck, type BodyCheckOutcome } from './validation/body-check.ts'

// The command line
export { runCli, type CliIo } from './cli/run-cli.ts'
