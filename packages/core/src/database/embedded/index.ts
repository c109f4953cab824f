export {
  embeddedPostgresStatus,
  startEmbeddedPostgres,
  stopEmbeddedPostgres,
} from './embedded-postgres.ts'
