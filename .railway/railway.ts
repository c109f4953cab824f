import { defineRailway, github, postgres, preserve, project, service } from 'railway/iac'

/**
 * The whole project: a database and three services of one repository. `railway config plan` shows what would
 * change, `railway config apply` does it; docs/deploy.md goes through it. A service that a railway.toml manages
 * is refused: clear its config file in the dashboard first.
 */

/** Yours. */
const REPOSITORY = 'your-organisation/sigmasight'

/** What every image is built from. */
const SHARED_PATHS = [
  '/packages/core/**',
  '/package.json',
  '/pnpm-lock.yaml',
  '/pnpm-workspace.yaml',
] as const

/** Long enough for the unit of work under way. */
const DRAINING_SECONDS = 60

export default defineRailway(() => {
  const database = postgres('postgres')
  const source = github(REPOSITORY)
  // What is preserved is entered once with `railway variables --set`, and is nowhere in the repository.
  const shared = {
    ENVIRONMENT: 'production',
    DATABASE_URL: database.env.DATABASE_URL,
    BATCH_V2_ENABLED: preserve(),
    PRICE_PROVIDERS: preserve(),
    POLYGON_API_KEY: preserve(),
    ALERT_WEBHOOK_URL: preserve(),
  }

  const api = service('api', {
    source,
    build: {
      builder: 'RAILPACK',
      buildCommand: 'node packages/pages/src/build/main.ts',
      watchPatterns: ['/apps/**', '/packages/pages/**', '/scripts/src/ops/**', ...SHARED_PATHS],
    },
    preDeploy: 'node scripts/src/ops/main.ts migrate',
    start: 'node apps/api/src/main.ts',
    healthcheck: '/health/ready',
    healthcheckTimeout: 120,
    deploy: { restartPolicyType: 'ALWAYS', drainingSeconds: DRAINING_SECONDS },
    env: { ...shared, JWT_SECRET: preserve() },
  })

  const nightly = (app: 'symbol-batch' | 'portfolio-refresh', cronSchedule: string) =>
    service(app, {
      source,
      build: { builder: 'RAILPACK', watchPatterns: [`/apps/${app}/**`, ...SHARED_PATHS] },
      start: `node apps/${app}/src/main.ts`,
      deploy: { cronSchedule, restartPolicyType: 'NEVER', drainingSeconds: DRAINING_SECONDS },
      env: { ...shared, HEALTHCHECK_PING_URL: preserve() },
    })

  return project('sigmasight', {
    resources: [
      database,
      api,
      nightly('symbol-batch', '0 1 * * 2-6'),
      nightly('portfolio-refresh', '30 1 * * 2-6'),
    ],
  })
})
