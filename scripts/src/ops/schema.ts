import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { ExitCode } from '@sigmasight/core/cli'
import { loadConfig } from '@sigmasight/core/config'
import { connect, describeSchema } from '@sigmasight/core/database'
import type { OpsCommand } from './ops-command.ts'

const SCHEMA_FILE = resolve(import.meta.dirname, '../../../packages/core/schema.txt')

export const command: OpsCommand = {
  usage: 'schema',
  description: 'Compare the live schema with packages/core/schema.txt, or renew that file.',
  configure(command) {
    command.option('--write', 'write the live schema to the file', false)
  },
  async run(command, { env, stdout }) {
    const { write } = command.opts<{ write: boolean }>()
    await using database = await connect(loadConfig(env), { applicationName: 'ops-schema' })
    const live = await describeSchema(database.db)
    if (write) {
      await writeFile(SCHEMA_FILE, live)
      stdout.write('Wrote packages/core/schema.txt.\n')
      return ExitCode.done
    }
    const isSame = live === (await readFile(SCHEMA_FILE, 'utf8'))
    stdout.write(isSame ? 'The live schema is the recorded one.\n' : 'The live schema differs.\n')
    return isSame ? ExitCode.done : ExitCode.failed
  },
}
