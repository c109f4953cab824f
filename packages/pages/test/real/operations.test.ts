import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { ApiWorld } from '../../../../apps/api/test/harness/api-world.ts'
import { addToUniverse } from '../../../core/test/batch/batch-world.ts'
import { withHeldTable } from '../../../core/test/harness/held-table.ts'
import { startProgram } from '../../../core/test/harness/run-program.ts'
import { openPages } from '../../src/index.ts'
import { Browser } from '../harness/browser.ts'
import { describeWithBrowser } from '../harness/describe-with-browser.ts'
import { Visit } from '../harness/visit.ts'

/** The server's clock stands still, after that of the command line: runs are told apart by when they began. */
const NOW = { server: '2025-07-23T01:40:00Z', commandLine: '2025-07-23T01:20:00Z' }

describeWithBrowser('the operations page over the API', () => {
  let world: ApiWorld
  let browser: Browser
  let visit: Visit

  beforeAll(async () => {
    world = await ApiWorld.start({
      now: NOW.server,
      env: { LOG_LEVEL: 'error' },
      pages: await openPages(),
    })
    await addToUniverse(world.store, ['ALTO', 'LOOM'])
    browser = await Browser.start()
    const { user, token } = await world.admin()
    visit = await Visit.start(browser, world.url)
    await visit.signedInAs({ ...user, full_name: 'Admin', is_admin: true }, token)
  })
  afterAll(async () => {
    await browser[Symbol.asyncDispose]()
    await world[Symbol.asyncDispose]()
  })

  test('shows a run that a command line started in another process, and cancels it', async () => {
    await visit.open('/ops')
    const { page } = visit
    const running = page.getByRole('region', { name: 'Running now', exact: true })
    expect(await running.innerText()).toContain('Nothing is running.')
    // Nobody was told by a webhook, as there is none; the page knows all the same.
    const alerts = page.getByRole('region', { name: 'Alerts', exact: true })
    expect(await alerts.innerText()).toMatch(/critical\s+Symbol batch is overdue/)
    expect(await visit.seriousViolations()).toEqual([])
    const program = startProgram(
      'apps/symbol-batch/src/main.ts',
      ['--start-date', '2022-01-03', '--end-date', '2025-07-22', '--source', 'cron', '--quiet'],
      {
        BATCH_V2_ENABLED: 'true',
        DATABASE_URL: world.store.url,
        PRICE_PROVIDERS: 'synthetic',
        SIGMASIGHT_NOW: NOW.commandLine,
      },
    )
    // So that it cannot be through before the page shows it.
    await withHeldTable(world.store.database.db, 'batch_run_tracking', async () => {
      await running.getByRole('progressbar').waitFor()
      await running.getByText('started by cron').waitFor()
      await visit.picture('real-ops-running')
      await running.getByRole('button', { name: 'Cancel symbol batch' }).click()
      await running.getByText('It stops after the unit of work under way.').waitFor()
    })
    const { code } = await program.ended
    expect(code).not.toBe(0)
    await running.getByText('Nothing is running.').waitFor()
    const history = page.getByRole('region', { name: 'History', exact: true })
    await history.getByRole('cell', { name: /cancelled/ }).waitFor()
    await history.getByRole('button', { name: /^Log of Symbol batch/ }).click()
    await page.getByText(/symbol_batch for .*, cron/).waitFor()
    expect(visit.unexpectedErrors()).toEqual([])
    expect(visit.foreign).toEqual([])
  })

  test('starts a run of its own and shows how it ended', async () => {
    await visit.open('/ops')
    const { page } = visit
    await page.getByLabel('Job', { exact: true }).first().selectOption('symbol_batch')
    await page.getByLabel('From').fill('2025-07-22')
    await page.getByLabel('To', { exact: true }).fill('2025-07-22')
    await page.getByRole('button', { name: 'Start', exact: true }).click()
    await page.getByText('Started. It shows under “Running now”.').waitFor()
    const history = page.getByRole('region', { name: 'History', exact: true })
    const row = history.getByRole('row').filter({ hasText: 'admin' })
    await row.getByText(/completed/).waitFor()
    expect(visit.unexpectedErrors()).toEqual([])
    expect(await visit.overflow()).toBe(0)
  })
})
