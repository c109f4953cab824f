import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { parse as parseYaml } from 'yaml'
import type { MorningAfter } from '../../../apps/api/test/admin-batch/night.ts'
import {
  createTestDatabase,
  type TestDatabase,
} from '../../../packages/core/test/harness/test-database.ts'
import { repositoryRoot } from '../../../packages/core/test/harness/run-program.ts'
import type { Sample } from './exposition.ts'
import { filledNight, scrape } from './filled-night.ts'
import { namesIn } from './promql.ts'

const GRAFANA = resolve(repositoryRoot, 'ops/grafana')

interface Target {
  readonly refId: string
  readonly datasource: { readonly type: string; readonly uid: string }
  readonly expr?: string
  readonly legendFormat?: string
  readonly rawSql?: string
  readonly format?: 'table' | 'time_series'
}

interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly gridPos: {
    readonly x: number
    readonly y: number
    readonly w: number
    readonly h: number
  }
  readonly datasource?: { readonly type: string; readonly uid: string }
  readonly targets?: readonly Target[]
}

interface Dashboard {
  readonly uid: string
  readonly schemaVersion: number
  readonly panels: readonly Panel[]
  readonly templating: {
    readonly list: readonly {
      readonly name: string
      readonly type: string
      readonly query: string
    }[]
  }
}

const dashboard = JSON.parse(
  await readFile(resolve(GRAFANA, 'dashboards/nights.json'), 'utf8'),
) as Dashboard
const drawn = dashboard.panels.filter(({ type }) => type !== 'row')
const targets = drawn.flatMap(({ title, targets = [] }) =>
  targets.map((target) => ({ title, ...target })),
)
const statements = targets.flatMap(({ title, rawSql, format }) =>
  rawSql === undefined ? [] : [{ title, rawSql, format }],
)
const expressions = targets.flatMap(({ title, expr, legendFormat }) =>
  expr === undefined ? [] : [{ title, expr, legendFormat }],
)
const readYaml = async (path: string): Promise<unknown> =>
  parseYaml(await readFile(resolve(GRAFANA, 'provisioning', path), 'utf8'))

describe('the dashboard', () => {
  test('has the four panels of operators, and more', () => {
    const rows = dashboard.panels.filter(({ type }) => type === 'row').map(({ title }) => title)
    expect(rows.slice(0, 4)).toEqual(['Batch status', 'Onboarding', 'Cache health', 'Alerts'])
  })

  test('has panels with ids of their own that fill a grid without overlaps', () => {
    const ids = dashboard.panels.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const taken = new Map<string, string>()
    for (const { title, gridPos } of dashboard.panels) {
      const { x, y, w, h } = gridPos
      expect({ title, fits: x >= 0 && w > 0 && h > 0 && x + w <= 24 }).toEqual({
        title,
        fits: true,
      })
      for (let column = x; column < x + w; column++) {
        for (let line = y; line < y + h; line++) {
          const cell = `${column},${line}`
          expect([title, cell, taken.get(cell)]).toEqual([title, cell, undefined])
          taken.set(cell, title)
        }
      }
    }
    const bottom = Math.max(...dashboard.panels.map(({ gridPos }) => gridPos.y + gridPos.h))
    expect(taken.size).toBe(24 * bottom)
  })

  test('names its data sources by variables alone, which the provisioning fills', async () => {
    const variables = new Map(dashboard.templating.list.map(({ name, ...one }) => [name, one]))
    const sources = [...drawn, ...targets].map(({ datasource }) => datasource)
    for (const source of sources) {
      const name = /^\$\{(\w+)\}$/.exec(source?.uid ?? '')?.[1] ?? ''
      expect(variables.get(name)).toMatchObject({ type: 'datasource', query: source?.type })
    }
    const { datasources } = (await readYaml('datasources/sigmasight.yml')) as {
      datasources: readonly { type: string; uid: string }[]
    }
    expect(datasources.map(({ type }) => type).sort()).toEqual(
      [...variables.values()].map(({ query }) => query).sort(),
    )
    expect(await readYaml('dashboards/sigmasight.yml')).toMatchObject({
      apiVersion: 1,
      providers: [{ type: 'file', options: { path: expect.stringMatching(/^\//) } }],
    })
  })

  test('asks each panel’s questions under letters of their own', () => {
    for (const { title, targets = [] } of drawn) {
      const letters = targets.map(({ refId }) => refId)
      expect([title, letters.length > 0, new Set(letters).size]).toEqual([
        title,
        true,
        letters.length,
      ])
    }
  })
})

/** What Grafana makes of its macro for all the time since before the night of the harness. */
function expanded(rawSql: string): string {
  const filled = rawSql.replaceAll(
    /\$__timeFilter\(((?:[^()]|\([^()]*\))*)\)/g,
    "$1 between '2025-01-01' and now() + interval '1 day'",
  )
  expect(filled).not.toContain('$')
  return filled
}

async function ask(store: TestDatabase, rawSql: string) {
  return store.database.db.transaction().execute(async (reader) => {
    await sql`set transaction read only`.execute(reader)
    return (await sql.raw<Record<string, unknown>>(expanded(rawSql)).execute(reader)).rows
  })
}

/** The tables of ours that a query reads. */
async function tablesIn(store: TestDatabase, rawSql: string): Promise<readonly string[]> {
  const [row] = await ask(store, `explain (verbose, format json) ${rawSql}`)
  const found = JSON.stringify(row).matchAll(/"Relation Name":"(\w+)","Schema":"public"/g)
  return [...found].map(([, table = '']) => table)
}

describe('the panels’ queries', () => {
  let morning: MorningAfter
  let samples: readonly Sample[]
  beforeAll(async () => {
    morning = await filledNight()
    samples = await scrape(morning)
  })
  afterAll(async () => {
    await morning[Symbol.asyncDispose]()
  })

  test('run on a database that was only migrated', async () => {
    await using store = await createTestDatabase()
    for (const { rawSql } of statements) await ask(store, rawSql)
  })

  test('read exactly the tables that the page on deployment lets Grafana read', async () => {
    const page = await readFile(resolve(repositoryRoot, 'docs/deploy.md'), 'utf8')
    const granted = /grant select on ([\w,\s]+) to grafana/.exec(page)?.[1]?.split(/,\s*/) ?? []
    const read = new Set<string>()
    for (const { rawSql } of statements) {
      for (const table of await tablesIn(morning.night.store, rawSql)) read.add(table)
    }
    expect([...read].sort()).toEqual(granted.toSorted())
  })

  test.each(statements)(
    '$title: has something to show after a night',
    async ({ rawSql, format }) => {
      const rows = await ask(morning.night.store, rawSql)
      expect(rows).not.toHaveLength(0)
      if (format !== 'time_series') return
      for (const row of rows) {
        expect(row).toEqual({
          time: expect.any(Date),
          metric: expect.any(String),
          value: expect.any(Number),
        })
      }
    },
  )

  test.each(expressions)('$title: $expr names what the server tells', ({ expr, legendFormat }) => {
    const { selectors, groupedBy } = namesIn(expr)
    expect(selectors).not.toHaveLength(0)
    const shown = [...(legendFormat ?? '').matchAll(/\{\{(\w+)\}\}/g)].map(
      ([, label = '']) => label,
    )
    for (const { metric, labels } of selectors) {
      // Prometheus itself makes this one, from the rules.
      if (metric === 'ALERTS') continue
      const told = samples.filter(({ name }) => name === metric)
      expect([metric, told.length > 0]).toEqual([metric, true])
      for (const label of [...labels, ...groupedBy, ...shown]) {
        expect([metric, told.every((sample) => label in sample.labels) && label]).toEqual([
          metric,
          label,
        ])
      }
    }
  })

  test('every metric of the programs that tells of nights is on the dashboard or in a rule', async () => {
    const rules = await readFile(resolve(repositoryRoot, 'ops/prometheus/alerts.yml'), 'utf8')
    const text = [...expressions.map(({ expr }) => expr), rules].join('\n')
    const told = new Set(samples.map(({ name }) => name).filter((name) => name.startsWith('v2_')))
    // These are shown by run, from the history, where a gauge has the newest alone.
    const byRun = ['portfolios_processed', 'snapshots_created', 'days_backfilled']
    const left = [...told].filter((name) => !new RegExp(`\\b${name}\\b`).test(text))
    expect(left.sort()).toEqual(byRun.map((name) => `v2_portfolio_refresh_${name}`).sort())
  })
})
