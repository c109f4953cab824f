import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { repositoryRoot } from '../../../../packages/core/test/harness/run-program.ts'
import { PASSWORD } from '../harness/api-world.ts'
import { EVENING, morningAfter, type MorningAfter } from './night.ts'

const SCRIPT = resolve(repositoryRoot, 'scripts/railway-batch-monitor.sh')

let morning: MorningAfter
beforeAll(async () => {
  morning = await morningAfter()
})
afterAll(async () => {
  await morning[Symbol.asyncDispose]()
})

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

function monitor(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const child = spawn('bash', [SCRIPT, ...args], {
    env: {
      PATH: `${resolve(process.execPath, '..')}:${process.env['PATH'] ?? ''}`,
      API_URL: morning.world.url,
      ADMIN_EMAIL: morning.admin.user.email,
      ADMIN_PASSWORD: PASSWORD,
      POLL_SECONDS: '0.05',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  return new Promise((done, fail) => {
    child.once('error', fail)
    child.once('close', (code) => {
      done({ code, stdout, stderr })
    })
  })
}

const ONE_SESSION = `--start-date ${EVENING} --end-date ${EVENING} --reprocess all`.split(' ')

describe('the batch monitor', () => {
  test('starts a run, shows how far it is, and prints its result as JSON', async () => {
    const { code, stdout, stderr } = await monitor(['--job', 'symbol_batch', ...ONE_SESSION])
    expect(stderr).toMatch(
      /^\[#*-*\] +\d+\.\d% {2}\w+ {2}portfolio - {2}\d+\/\d+ done {2}\d+ failed {2}0m \d\ds$/m,
    )
    expect(stderr).toContain('[####################] 100.0%  completed')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      job_type: 'symbol_batch',
      status: 'completed',
      target_date: EVENING,
      source: 'admin',
    })
  })

  test('follows both runs of a job of both layers; one that found nothing to do is its own result', async () => {
    const { code, stdout, stderr } = await monitor([])
    expect(stderr.match(/^run /gm)).toHaveLength(2)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ status: 'completed', reason: 'nothing_to_do' })
  })

  test('exits with 3 when the run does not complete', async () => {
    const long = ['--job', 'symbol_batch', '--start-date', '2023-01-03', '--end-date', EVENING]
    const watching = monitor(long)
    for (let isAsked = false; !isAsked;) {
      const { status } = await morning.admin.post('/api/v1/admin/batch/run/current/cancel')
      isAsked = status === 202
    }
    const { code, stdout } = await watching
    expect(JSON.parse(stdout)).toMatchObject({ status: 'cancelled' })
    expect(code).toBe(3)
  })

  test.each([
    ['log-in failed: HTTP 401', [], { ADMIN_PASSWORD: 'a wrong "pass\\word' }],
    ['start failed: HTTP 400', ['--start-date', '2025-07-12', '--end-date', '2025-07-13'], {}],
    ['log-in failed: HTTP 000', [], { API_URL: 'http://127.0.0.1:1' }],
  ])('exits with 1 and says %s', async (message, args, env) => {
    const { code, stdout, stderr } = await monitor(args, env)
    expect(stderr).toContain(message)
    expect(stdout).toBe('')
    expect(code).toBe(1)
  })

  test.each([
    ['unknown option --jobs', ['--jobs', 'all'], {}],
    ['--job: "a b" is no value for it', ['--job', 'a b'], {}],
    ['ADMIN_EMAIL is not set', [], { ADMIN_EMAIL: '' }],
  ])('exits with 2 and says %s', async (message, args, env) => {
    const { code, stderr } = await monitor(args, env)
    expect(stderr).toContain(message)
    expect(code).toBe(2)
  })
})
