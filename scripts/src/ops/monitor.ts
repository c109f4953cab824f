import { spawn } from 'node:child_process'
import { delimiter, dirname, resolve } from 'node:path'
import { ExitCode } from '@sigmasight/core/cli'
import type { OpsCommand } from './ops-command.ts'

const SCRIPT = resolve(import.meta.dirname, '../../railway-batch-monitor.sh')

export const command: OpsCommand = {
  usage: 'monitor [arguments...]',
  description: 'Start a batch through an API and watch it to its end; --help lists the arguments.',
  configure(command) {
    // They are the script's, which also runs where this repository is not.
    command.helpOption(false).allowUnknownOption()
  },
  run(command, { env, signal }) {
    const path = [dirname(process.execPath), env['PATH']].join(delimiter)
    const child = spawn('bash', [SCRIPT, ...command.args], {
      env: { ...env, PATH: path },
      stdio: 'inherit',
    })
    const forward = () => child.kill('SIGTERM')
    signal.addEventListener('abort', forward, { once: true })
    return new Promise((done, fail) => {
      child.once('error', fail)
      child.once('close', (code) => {
        signal.removeEventListener('abort', forward)
        done(code ?? ExitCode.failed)
      })
    })
  },
}
