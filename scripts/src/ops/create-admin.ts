import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { hashPassword, saveAdmin } from '@sigmasight/core/auth'
import { ExitCode } from '@sigmasight/core/cli'
import { loadConfig } from '@sigmasight/core/config'
import { assertSchemaCurrent, connect } from '@sigmasight/core/database'
import { UsageError } from '@sigmasight/core/errors'
import type { OpsCommand } from './ops-command.ts'

const EMAIL = /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/
const MIN_PASSWORD = 12

export const command: OpsCommand = {
  usage: 'create-admin <email>',
  description:
    'Add an administrator, or make a user one, with the password on standard input (asked for on a terminal).',
  configure(command) {
    command
      .option('--name <name>', 'the full name of a new one', 'Administrator')
      // Refused below without repeating them: one may be a password.
      .allowExcessArguments(true)
  },
  async run(command, { env, stdout, signal }) {
    const [email = '', ...more] = command.args
    if (more.length > 0) {
      throw new UsageError(
        'create-admin takes an e-mail alone: the password comes on standard input',
      )
    }
    if (!EMAIL.test(email)) throw new UsageError(`create-admin ${email}: that is no e-mail address`)
    const { name: fullName } = command.opts<{ name: string }>()
    await using database = await connect(loadConfig(env), { applicationName: 'ops-create-admin' })
    await assertSchemaCurrent(database.db)
    const passwordHash = await hashPassword(await readPassword(stdout, signal))
    const { isNew } = await saveAdmin(database.db, { email, passwordHash, fullName })
    stdout.write(`${email} ${isNew ? 'was added as' : 'is now'} an administrator.\n`)
    return ExitCode.done
  },
}

/** The first line of standard input; typed on a terminal it does not show. Never an argument, which others can see. */
async function readPassword(stdout: NodeJS.WriteStream, signal: AbortSignal): Promise<string> {
  const { stdin } = process
  const isTyped = stdin.isTTY
  if (isTyped) stdout.write(`Password (${MIN_PASSWORD} characters or more): `)
  const silent = new Writable({
    write(_chunk, _encoding, done) {
      done()
    },
  })
  const lines = createInterface({ input: stdin, output: silent, terminal: isTyped })
  const stop = () => {
    lines.close()
  }
  signal.addEventListener('abort', stop, { once: true })
  try {
    const { value } = await lines[Symbol.asyncIterator]().next()
    const password = typeof value === 'string' ? value : ''
    if (isTyped) stdout.write('\n')
    if (password.length >= MIN_PASSWORD) return password
    throw new UsageError(
      `create-admin: the password on standard input has ${password.length} characters, ${MIN_PASSWORD} are needed`,
    )
  } finally {
    signal.removeEventListener('abort', stop)
    lines.close()
    stdin.destroy()
  }
}
