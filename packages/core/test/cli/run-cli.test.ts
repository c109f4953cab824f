import { describe, expect, test } from '@jest/globals'
import { runProgram, type RunOptions } from './run-program.ts'

/** Runs `body` as the main function of a program called sample. */
function runSample(body: string, options: RunOptions & { limits?: object } = {}) {
  const { limits, ...rest } = options
  const third = limits === undefined ? '' : `, ${JSON.stringify(limits)}`
  const code = `
    import { setTimeout as sleep } from 'node:timers/promises'
    import * as errors from '$src/errors/index.ts'
    import { runCli } from '$src/cli/run-cli.ts'
    await runCli('sample', async ({ argv, env, signal, stdout, stderr }) => { ${body} }${third})
    process.stderr.write('listeners left: ' + process.listenerCount('SIGINT') + '\\n')`
  return runProgram(code, rest)
}

const NONE_LEFT = 'listeners left: 0\n'

describe('what a program gets and gives', () => {
  test('its own arguments and the environment go in, its exit code comes out', async () => {
    const ended = await runSample(`stdout.write(argv.join('|') + env.SAMPLE); return 3`, {
      args: ['--date', '2025-07-01'],
      env: { SAMPLE: '!' },
    })
    expect(ended).toEqual({ code: 3, stdout: '--date|2025-07-01!', stderr: NONE_LEFT })
  })

  test.each(['UsageError', 'ConfigError', 'DatabaseUnavailable', 'SchemaMismatch'])(
    '%s ends it with one line and exit code 2',
    async (kind) => {
      const ended = await runSample(`throw new errors.${kind}('first\\n  second')`)
      expect(ended).toEqual({
        code: 2,
        stdout: '',
        stderr: `sample: first second\n${NONE_LEFT}`,
      })
    },
  )

  test('any other error ends it with one line, the stacks of error and cause, and exit code 1', async () => {
    const ended = await runSample(
      `throw new Error('cannot ask postgres://ann:s3cret@db/main', { cause: new TypeError('deep') })`,
    )
    expect(ended.code).toBe(1)
    const [line, header, frame] = ended.stderr.split('\n')
    expect(line).toBe('sample: cannot ask postgres://ann:[redacted]@db/main')
    expect(header).toBe('Error: cannot ask postgres://ann:[redacted]@db/main')
    expect(frame).toMatch(/^ {4}at .*program\.mjs/)
    expect(ended.stderr).toContain('caused by TypeError: deep\n    at ')
  })

  test('something thrown that is no error is reported all the same', async () => {
    const ended = await runSample(`throw 'words'`)
    expect(ended.code).toBe(1)
    expect(ended.stderr).toContain('sample: words\n')
  })

  test('a wait that nothing can end is said and counts as failed', async () => {
    const ended = await runSample(`await new Promise(() => {}); return 0`)
    expect(ended.stderr).toContain('sample: ended before its work was done')
    expect(ended.code).toBe(1)
  })

  test('a reader that leaves does not hurt the work', async () => {
    const ended = await runSample(
      `for (let i = 0; i < 50; i++) { stdout.write('x'.repeat(10_000)); await sleep(1) }
       stderr.write('all written\\n'); return 0`,
      { onStart: (child) => child.stdout?.destroy() },
    )
    expect(ended).toMatchObject({ code: 0, stderr: `all written\n${NONE_LEFT}` })
  })

  test('what keeps the process alive after the work is named, and the process ends', async () => {
    const ended = await runSample(`setInterval(() => {}, 60_000); return 3`, {
      limits: { graceMs: 5_000, lingerMs: 20 },
    })
    expect(ended.code).toBe(3)
    expect(ended.stderr).toMatch(/sample: did not exit naturally; still open: .*Timeout/)
  })
})

describe('stop signals', () => {
  const waitForStop = `
    const alive = setInterval(() => {}, 1000)
    stderr.write('ready\\n')
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    clearInterval(alive);`

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s lets the unit of work end and gives exit code %i', async (name, code) => {
    const ended = await runSample(
      `${waitForStop} stdout.write(signal.reason.kind + ' ' + signal.reason.stopSignal); return 0`,
      { onStderr: (text, child) => text === 'ready\n' && child.kill(name) },
    )
    expect(ended.code).toBe(code)
    expect(ended.stdout).toBe(`stopped_by_signal ${name}`)
    expect(ended.stderr).toBe(
      `ready\nsample: ${name}: stopping after the current unit of work; ` +
        `more signals are ignored for 5 seconds, then one ends it at once\n${NONE_LEFT}`,
    )
  })

  test('a failing code that the program chose outlives the signal', async () => {
    const ended = await runSample(`${waitForStop} return 3`, {
      onStderr: (text, child) => text === 'ready\n' && child.kill('SIGTERM'),
    })
    expect(ended.code).toBe(3)
  })

  test.each([
    ['the reason of the stop', `signal.throwIfAborted()`],
    ['the AbortError of a call that was given the signal', `await sleep(9, null, { signal })`],
  ])('throwing %s is a clean stop without a stack', async (_title, statement) => {
    const ended = await runSample(`${waitForStop} ${statement}; return 0`, {
      onStderr: (text, child) => text === 'ready\n' && child.kill('SIGTERM'),
    })
    expect(ended.code).toBe(143)
    expect(ended.stderr.split('\n')).toHaveLength(4)
  })

  test('an error that has nothing to do with the stop is not hidden by it', async () => {
    const ended = await runSample(`${waitForStop} throw new Error('disk full')`, {
      onStderr: (text, child) => text === 'ready\n' && child.kill('SIGTERM'),
    })
    expect(ended.code).toBe(1)
    expect(ended.stderr).toContain('sample: disk full\n')
  })

  const stubborn = `
    setInterval(() => {}, 1000)
    process.on('SIGUSR2', () => process.exit(77))
    stderr.write('ready\\n')
    signal.addEventListener('abort', () => stderr.write('asked\\n'))
    await new Promise(() => {})`

  test('a second signal within the grace period is ignored', async () => {
    const ended = await runSample(stubborn, {
      onStderr: (text, child) => {
        if (text === 'ready\n') child.kill('SIGTERM')
        else if (text.endsWith('asked\n')) {
          child.kill('SIGTERM')
          child.kill('SIGINT')
          setTimeout(() => child.kill('SIGUSR2'), 50)
        }
      },
    })
    expect(ended.code).toBe(77)
    expect(ended.stderr).not.toContain('ending at once')
  })

  test('a second signal after the grace period ends the program at once', async () => {
    const ended = await runSample(stubborn, {
      limits: { graceMs: 0, lingerMs: 5_000 },
      onStderr: (text, child) => {
        if (text === 'ready\n') child.kill('SIGTERM')
        else if (text.endsWith('asked\n')) child.kill('SIGINT')
      },
    })
    expect(ended.code).toBe(130)
    expect(ended.stderr).toMatch(/sample: SIGINT again: ending at once\n$/)
  })
})

test('starting a program loads neither the logger nor the progress bar', async () => {
  const ended = await runProgram(`
    import { createRequire } from 'node:module'
    await import('$src/cli/index.ts')
    const heavy = Object.keys(createRequire(import.meta.url).cache)
    console.log(heavy.filter((file) => /pino|cli-progress/.test(file)).length)`)
  expect(ended).toEqual({ code: 0, stdout: '0\n', stderr: '' })
})
