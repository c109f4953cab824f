import { enableCompileCache } from 'node:module'

// Everything else is loaded after this line, so that later starts find it compiled; and the batch
// itself only once the command line is known to be good, so that --help answers at once.
enableCompileCache()
const { parseWorkCommand, runCli } = await import('@sigmasight/core/cli')
const { parseArgs } = await import('./args.ts')

await runCli('symbol-batch', async (context) => {
  const write = (text: string) => context.stdout.write(text)
  if (context.argv[0] === 'work') {
    const work = parseWorkCommand('symbol-batch', context.argv.slice(1), write)
    if (work === null) return 0
    const { runWorkProgram } = await import('@sigmasight/core/batch-program')
    return runWorkProgram('symbol-batch', work, context)
  }
  const args = parseArgs(context.argv, write)
  if (args === null) return 0
  const { runProgram } = await import('./program.ts')
  return runProgram(args, context)
})
