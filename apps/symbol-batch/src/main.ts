import { runCli } from '@sigmasight/core/cli'
import { parseArgs } from './args.ts'

await runCli('symbol-batch', async (context) => {
  const args = parseArgs(context.argv, (text) => context.stdout.write(text))
  if (args === null) return 0
  // Loaded only now, so that --help and a mistyped flag answer at once.
  const { runProgram } = await import('./program.ts')
  return runProgram(args, context)
})
