export { LOG_LEVELS, type Logger, type LogLevel } from './logger.ts'
export { createLogger, type ProgramLogger } from './create-logger.ts'
export { maskSecrets, redactText } from './redact.ts'
export { stepEvent } from './step-event.ts'
