export {
  SigmaSightError,
  UsageError,
  ConfigError,
  DatabaseUnavailable,
  SchemaMismatch,
  coerceError,
} from './errors.ts'
