import { sql, type Kysely } from 'kysely'
import { seedStressScenarios } from '../seed/stress-scenarios.ts'

/** The first stress scenarios. `daily_metrics` takes a row per portfolio and session from now on. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await seedStressScenarios(db)
  // States of alerts are looked up by their key alone, among millions of other rows.
  await sql`
    create index daily_metrics_alert_index on daily_metrics (dimensions, metric_date)
      where metric_type = 'alert'
  `.execute(db)
}
