import { enableCompileCache } from 'node:module'

// Everything else is loaded after this line, so that later starts find it compiled; and the batch
// itself only once the command line is known to be good, so that --help answers at once.
enableCompileCache()
const { runCli } = await import('@sigmasight/core/cli')
const { parseArgs } = await import('./args.ts')

await runCli('symbol-batch', async (context) => {
  const args = parseArgs(context.argv, (text) => context.stdout.write(text))
  if (args === null) return 0
  const { runProgram } = await import('./program.ts')
  return runProgram(args, context)
})
