import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { ConfigError } from '../../src/errors/index.ts'
import { createLogger, type LoggerOptions } from '../../src/logging/create-logger.ts'
import { runProgram } from '../cli/run-program.ts'
import { until } from '../harness/until.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sigmasight-logging-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

const DEFAULTS: LoggerOptions = {
  environment: 'production',
  level: 'info',
  file: null,
  destination: 'stdout',
}

/** Runs a program that logs through `log`. */
function runLogging(options: Partial<LoggerOptions>, body: string) {
  return runProgram(`
    import { createLogger, stepEvent } from '$src/logging/index.ts'
    const log = await createLogger(${JSON.stringify({ ...DEFAULTS, ...options })})
    ${body}`)
}

function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

describe('in production', () => {
  test('every event is one JSON line on stdout with level, time, fields and message', async () => {
    const { stdout, stderr } = await runLogging(
      {},
      `const run = log.child({ module: 'batch', batch_run_id: 'r1' })
       run.info({ phase: 'prices', processed: 512 }, 'phase_result')
       run.error({ err: new Error('two\\nlines') }, 'phase failed')`,
    )
    expect(stderr).toBe('')
    const [first, second] = jsonLines(stdout)
    expect(first).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      module: 'batch',
      batch_run_id: 'r1',
      phase: 'prices',
      processed: 512,
      message: 'phase_result',
    })
    expect(second).toMatchObject({
      level: 'error',
      batch_run_id: 'r1',
      err: { type: 'Error', message: 'two\nlines', stack: expect.stringContaining('    at ') },
    })
  })

  test('nothing is on stdout when stdout belongs to a result', async () => {
    const { stdout, stderr } = await runLogging({ destination: 'stderr' }, `log.info('hello')`)
    expect(stdout).toBe('')
    expect(jsonLines(stderr)).toMatchObject([{ level: 'info', message: 'hello' }])
  })

  test('a summary is logged whole, however deep and long', async () => {
    const { stdout } = await runLogging(
      {},
      `log.info({ a: { b: { c: { d: { e: { f: { g: 1 } } } } } }, list: Array(500).fill(1) }, 'run_summary')`,
    )
    expect(jsonLines(stdout)[0]).toMatchObject({
      a: { b: { c: { d: { e: { f: { g: 1 } } } } } },
      list: Array(500).fill(1) as number[],
    })
  })

  test('secrets and e-mail addresses reach neither output', async () => {
    const file = join(folder, 'run.log')
    const { stdout } = await runLogging(
      { file },
      `log.info({ database_url: 'postgres://u:hunter2@h/d', jwt: 'hunter2' }, 'ann@example.com')
       log.error({ err: new Error('at postgres://u:hunter2@h/d') }, 'failed')`,
    )
    const written = stdout + readFileSync(file, 'utf8')
    expect(jsonLines(written)).toHaveLength(4)
    expect(written).not.toMatch(/hunter2|ann@/)
  })
})

describe('in development', () => {
  test('lines are for people: ASCII, no colours in a pipe, the stack below', async () => {
    const { stdout } = await runLogging(
      { environment: 'development' },
      `log.child({ module: 'batch' }).info({ processed: 512 }, 'caf\u00E9')
       log.error({ err: new Error('broken') }, 'failed')`,
    )
    const [first, second] = stdout.split('\n')
    expect(first).toMatch(
      /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\] INFO: \[batch\] caf\\u\{e9\} \{"processed":512\}$/,
    )
    expect(second).toMatch(/ERROR: failed/)
    expect(stdout).toMatch(/\n {10,}at /)
    expect(stdout).toMatch(/^[\n -~]*$/)
  })

  test('JSON lines can be asked for', async () => {
    const { stdout } = await runLogging({ environment: 'development', json: true }, `log.warn('x')`)
    expect(jsonLines(stdout)).toMatchObject([{ level: 'warn', message: 'x' }])
  })
})

describe('thresholds', () => {
  test('events below the level are not logged, and silent logs nothing', async () => {
    const body = `log.debug('d'); log.info('i'); log.warn('w'); log.error('e')`
    const warn = await runLogging({ level: 'warn' }, body)
    expect(jsonLines(warn.stdout).map(({ message }) => message)).toEqual(['w', 'e'])
    const silent = await runLogging({ level: 'silent' }, body)
    expect(silent.stdout).toBe('')
  })

  test('quiet leaves warnings and errors on the output and everything in the file', async () => {
    const file = join(folder, 'run.log')
    const { stdout } = await runLogging(
      { quiet: true, file },
      `log.debug('d'); log.info('i'); log.warn('w'); log.error('e')`,
    )
    expect(jsonLines(stdout).map(({ message }) => message)).toEqual(['w', 'e'])
    const inFile = jsonLines(readFileSync(file, 'utf8'))
    expect(inFile.map(({ message }) => message)).toEqual(['i', 'w', 'e'])
  })
})

describe('the log file', () => {
  const quietFile = (file: string): LoggerOptions => ({ ...DEFAULTS, quiet: true, file })

  test('is found under its own name, in a folder that is made, and holds JSON', async () => {
    const file = join(folder, 'logs', 'run.log')
    {
      await using log = await createLogger({ ...quietFile(file), environment: 'development' })
      log.info({ phase: 'prices' }, 'phase_start')
    }
    expect(jsonLines(readFileSync(file, 'utf8'))).toMatchObject([
      { level: 'info', phase: 'prices', message: 'phase_start' },
    ])
  })

  test('has every line when the program exits abruptly right after logging', async () => {
    const file = join(folder, 'run.log')
    await runLogging(
      { quiet: true, file },
      `for (let i = 0; i < 500; i++) log.info({ i }, 'line')
       process.exit(1)`,
    )
    const lines = jsonLines(readFileSync(file, 'utf8'))
    expect(lines.map(({ i }) => i)).toEqual([...Array(500).keys()])
  })

  test('is continued by the next program', async () => {
    const file = join(folder, 'run.log')
    for (const message of ['first', 'second']) {
      await using log = await createLogger(quietFile(file))
      log.info(message)
    }
    expect(jsonLines(readFileSync(file, 'utf8')).map(({ message }) => message)).toEqual([
      'first',
      'second',
    ])
  })

  test('rotates at 10 MB and keeps the newest five, without losing a line of those', async () => {
    const file = join(folder, 'run.log')
    const padding = 'x'.repeat(100_000)
    {
      await using log = await createLogger(quietFile(file))
      for (let i = 0; i < 720; i++) {
        log.info({ i, padding }, 'line')
        await new Promise(setImmediate)
      }
    }
    // Some 105 lines fill a file; 720 lines fill six and begin a seventh.
    const numbered = () => readdirSync(folder).filter((name) => name !== 'run.log')
    // What is old is removed beside the writing.
    await until('the removal of what is old', numbered, ({ length }) => length <= 5)
    const names = numbered().sort()
    expect(names).toEqual([3, 4, 5, 6, 7].map((number) => `run.${number}.log`))
    const sizes = names.map((name) => statSync(join(folder, name)).size)
    for (const size of sizes.slice(0, 4)) {
      expect(size).toBeGreaterThanOrEqual(10 * 1024 ** 2)
      expect(size).toBeLessThan(10.2 * 1024 ** 2)
    }
    const kept = names.flatMap((name) => jsonLines(readFileSync(join(folder, name), 'utf8')))
    const numbers = kept.map(({ i }) => Number(i))
    expect(numbers).toEqual(numbers.map((_, index) => 720 - numbers.length + index))
    expect(jsonLines(readFileSync(file, 'utf8')).at(-1)).toMatchObject({ i: 719 })
  })

  test('of another kind of log is kept as the oldest', async () => {
    const file = join(folder, 'run.log')
    writeFileSync(file, 'old words\n')
    {
      await using log = await createLogger(quietFile(file))
      log.info('new')
    }
    expect(readFileSync(join(folder, 'run.0.log'), 'utf8')).toBe('old words\n')
    expect(jsonLines(readFileSync(file, 'utf8'))).toMatchObject([{ message: 'new' }])
  })

  test('cannot be a folder, a device or a link to elsewhere, which all stay as they are', async () => {
    mkdirSync(join(folder, 'taken'))
    symlinkSync('/dev/null', join(folder, 'away'))
    for (const path of [
      join(folder, 'taken'),
      `${folder}/new/`,
      '/dev/null',
      join(folder, 'away'),
    ]) {
      const attempt = createLogger(quietFile(path))
      await expect(attempt).rejects.toThrow(ConfigError)
      await expect(attempt).rejects.toThrow(`LOG_FILE: cannot log to ${path}: it is a`)
    }
    expect(readdirSync(folder).sort()).toEqual(['away', 'taken'])
  })

  test('that cannot be made stops the program as a bad configuration', async () => {
    writeFileSync(join(folder, 'plain'), '')
    const path = join(folder, 'plain', 'run.log')
    await expect(createLogger(quietFile(path))).rejects.toThrow(ConfigError)
  })

  test('that fails later is given up with an error on the output, and the work goes on', async () => {
    const { stdout, code } = await runLogging(
      { file: join(folder, 'run.log') },
      `import('node:fs').then(({ default: fs }) => {
         fs.writeSync = new Proxy(fs.writeSync, { apply(write, self, [fd, ...rest]) {
           if (fd > 2) throw Object.assign(new Error('disk full'), { code: 'ENOSPC' })
           return write.call(self, fd, ...rest)
         } })
         log.info('one')
         log.info('two')
         return log[Symbol.asyncDispose]()
       })`,
    )
    expect(code).toBe(0)
    const messages = jsonLines(stdout).map(({ message }) => message)
    expect(messages.toSorted()).toEqual(['log_file_given_up', 'one', 'two'])
  })

  test('is not missed by a line that comes after its end', async () => {
    const file = join(folder, 'run.log')
    const log = await createLogger(quietFile(file))
    await log[Symbol.asyncDispose]()
    log.info('late')
    expect(readFileSync(file, 'utf8')).toBe('')
  })
})

describe('steps', () => {
  test('a step is logged under one fixed message, a failed one as an error', async () => {
    const { stdout } = await runLogging(
      {},
      `stepEvent(log, { step: 'symbol_prices', status: 'completed', duration_ms: 5, symbols_processed: 512, errors: 0 })
       stepEvent(log, { step: 'symbol_factors', status: 'failed', duration_ms: 7 })`,
    )
    expect(jsonLines(stdout)).toMatchObject([
      {
        level: 'info',
        message: 'V2_BATCH_STEP',
        step: 'symbol_prices',
        status: 'completed',
        duration_ms: 5,
        symbols_processed: 512,
        errors: 0,
      },
      { level: 'error', message: 'V2_BATCH_STEP', step: 'symbol_factors', status: 'failed' },
    ])
  })
})
