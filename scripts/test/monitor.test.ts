import { describe, expect, test } from '@jest/globals'
import { runProgram } from '../../packages/core/test/harness/run-program.ts'

/** What the script does is tested with the API. */
describe('ops monitor', () => {
  const monitor = (args: readonly string[], env = {}) =>
    runProgram('scripts/src/ops/main.ts', ['monitor', ...args], env)

  test.each([
    [['--help'], {}, 0, 'usage: railway-batch-monitor.sh [--job'],
    [['--jobs', 'all'], {}, 2, 'unknown option --jobs'],
    [['--job', 'all'], {}, 2, 'ADMIN_EMAIL is not set'],
    [
      ['--job', 'all'],
      { API_URL: 'http://127.0.0.1:1', ADMIN_EMAIL: 'a@example.com', ADMIN_PASSWORD: 'secret' },
      1,
      'log-in failed: HTTP 000',
    ],
  ])('%j: hands its arguments, environment and exit code on', async (args, env, code, says) => {
    const end = await monitor(args, env)
    expect(end.stderr).toContain(says)
    expect(end.code).toBe(code)
  })
})
