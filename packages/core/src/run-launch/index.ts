export { FULL_LAUNCH, type BatchProgramName, type LaunchRequest } from './launch-request.ts'
export { childProcesses, type StartProgram } from './program-process.ts'
export type { LaunchEnding } from './read-ending.ts'
export { RunLauncher, type LaunchAnswer, type LaunchedRun } from './run-launcher.ts'
